import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { server } from "@/testing/server";
import { ConnectSettings } from "./components/connect-settings";
import { assistantSnippets, scriptSnippets, tokenPlaceholder } from "./snippets";

test("a new token appears in every line that needs one of its kind", async () => {
  const asked: unknown[] = [];
  server.use(
    http.get("*/api/auth/apps", () => HttpResponse.json({ items: [], next_cursor: null })),
    http.post("*/api/auth/tokens", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ id: "t", token: "a.b.c" }, { status: 201 });
    }),
  );
  const { user } = renderSignedIn(<ConnectSettings />);
  const assistant = within(screen.getByRole("region", { name: "An AI assistant" }));
  expect(assistant.getByLabelText("For Claude Code")).toHaveTextContent(tokenPlaceholder);
  await user.click(assistant.getByRole("button", { name: "Create a token" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Enter your password" }));
  await user.type(dialog.getByLabelText("Your password"), "my password");
  await user.click(dialog.getByRole("button", { name: "Create token" }));
  await assistant.findByText(/filled in below/);
  expect(assistant.getByLabelText("For Claude Code")).toHaveTextContent(
    'http://localhost:8080/mcp --header "Authorization: Bearer a.b.c"',
  );
  await user.click(assistant.getByRole("tab", { name: "Cursor" }));
  expect(assistant.getByLabelText("For Cursor")).toHaveTextContent("Bearer a.b.c");
  const script = within(screen.getByRole("region", { name: "The command line" }));
  expect(script.getByLabelText("For List")).toHaveTextContent(tokenPlaceholder);
  expect(asked).toEqual([
    { name: "AI assistant", scopes: ["mcp"], expires_in_days: 90, password: "my password" },
  ]);
});

test("without a password, a token that was not confirmed says so", async () => {
  server.use(
    http.get("*/api/auth/apps", () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get("*/api/auth/oidc/identities", () => HttpResponse.json({ password: false, identities: [] })),
  );
  const { user } = renderSignedIn(<ConnectSettings />);
  const assistant = within(screen.getByRole("region", { name: "An AI assistant" }));
  await user.click(assistant.getByRole("button", { name: "Create a token" }));
  const dialog = within(await screen.findByRole("dialog"));
  await waitFor(() => expect(dialog.queryByLabelText("Your password")).toBeNull());
  await user.click(dialog.getByRole("button", { name: "Create token" }));
  expect(dialog.getByText("First confirm that it is you.")).toHaveRole("alert");
});

test("configurations are JSON, and each has the user's address", () => {
  for (const { id, code } of assistantSnippets("https://tasks.example", "a.b.c")) {
    expect(code).toContain("https://tasks.example/mcp");
    if (code.startsWith("{")) expect(() => JSON.parse(code) as unknown, id).not.toThrow();
  }
  for (const { code } of scriptSnippets("https://tasks.example", "a.b.c")) {
    expect(code).toContain("https://tasks.example/api/");
    expect(code).toContain("Bearer a.b.c");
  }
});
