import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rememberConfirmed } from "@/lib/visit";
import { renderSignedIn } from "@/testing/render";
import { problem, server } from "@/testing/server";
import { TokensSettings } from "./components/tokens-settings";
import type { NewToken, Token } from "./token";

let tokens: Token[] = [];
const asked: NewToken[] = [];

beforeEach(() => {
  asked.length = 0;
  tokens = [];
  server.use(
    http.get("*/api/auth/tokens", () => HttpResponse.json({ items: tokens, next_cursor: null })),
    http.post("*/api/auth/tokens", async ({ request }) => {
      const body = (await request.json()) as NewToken;
      asked.push(body);
      const made: Token = {
        id: `token-${asked.length}`,
        name: body.name,
        scopes: body.scopes,
        created_at: "2026-11-23T12:01:00Z",
        expires_at: "2027-02-21T12:01:00Z",
        last_used_at: null,
      };
      tokens = [made, ...tokens];
      return HttpResponse.json({ ...made, token: "the.secret.itself" }, { status: 201 });
    }),
    http.delete("*/api/auth/tokens/:id", ({ params }) => {
      tokens = tokens.filter((token) => token.id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

afterEach(() => sessionStorage.clear());

const token = (name: string): Token => ({
  id: name,
  name,
  scopes: ["tasks:read"],
  created_at: "2026-11-23T12:01:00Z",
  expires_at: "2027-02-21T12:01:00Z",
  last_used_at: null,
});

test("when a token is revoked the focus goes to the next, and after the last to the heading", async () => {
  tokens = [token("Backup"), token("Laptop")];
  const { user } = renderSignedIn(<TokensSettings />);
  (await screen.findByRole("button", { name: "Revoke Backup" })).focus();
  await user.keyboard("{Enter}");
  (await screen.findByRole("button", { name: "Revoke" })).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByRole("button", { name: "Revoke Laptop" })).toHaveFocus());
  await user.keyboard("{Enter}");
  (await screen.findByRole("button", { name: "Revoke" })).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByRole("heading", { name: "Access tokens" })).toHaveFocus());
});

test("a token is made, copied once, and revoked", async () => {
  const { user, client } = renderSignedIn(<TokensSettings />);
  await user.click(await screen.findByRole("button", { name: "New token" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("checkbox", { name: /^Read/ }));
  await user.click(dialog.getByRole("button", { name: "Create token" }));
  expect(dialog.getByText("Enter a name.")).toBeVisible();
  expect(dialog.getByText("Choose at least one permission.")).toBeVisible();
  await user.type(dialog.getByLabelText("Name"), "Backup");
  await user.click(dialog.getByRole("checkbox", { name: /^Read/ }));
  await user.selectOptions(dialog.getByLabelText("Expires after"), "30");
  expect(dialog.getByText("Enter your password.")).toBeVisible();
  await user.type(dialog.getByLabelText("Your password"), "my password");
  await user.click(dialog.getByRole("button", { name: "Create token" }));

  const secret = within(await screen.findByRole("region", { name: "The token Backup" }));
  expect(asked).toEqual([
    { name: "Backup", scopes: ["tasks:read"], expires_in_days: 30, password: "my password" },
  ]);
  await user.click(secret.getByRole("button", { name: "Copy the token" }));
  expect(await navigator.clipboard.readText()).toBe("the.secret.itself");
  await user.click(secret.getByRole("button", { name: "I have copied it" }));
  expect(document.body).not.toHaveTextContent("the.secret.itself");
  expect(
    JSON.stringify(
      client
        .getQueryCache()
        .getAll()
        .map((query) => query.state.data),
    ),
  ).not.toContain("secret");
  expect(JSON.stringify({ ...localStorage })).not.toContain("secret");

  const list = within(await screen.findByRole("list", { name: "Access tokens" }));
  expect(list.getByText(/never used/)).toBeVisible();
  await user.click(list.getByRole("button", { name: "Revoke Backup" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Revoke" }));
  expect(await screen.findByText("No tokens")).toBeVisible();
});

test("an assistant may change tasks, or only read them", async () => {
  const { user } = renderSignedIn(<TokensSettings />);
  for (const access of ["Read and change tasks", "Read only"]) {
    await user.click(await screen.findByRole("button", { name: "New token" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByLabelText("Name"), "Assistant");
    await user.click(dialog.getByRole("radio", { name: "An AI assistant" }));
    expect(dialog.queryByRole("checkbox")).toBeNull();
    await user.click(dialog.getByRole("radio", { name: new RegExp(`^${access}`) }));
    await user.type(dialog.getByLabelText("Your password"), "my password");
    await user.click(dialog.getByRole("button", { name: "Create token" }));
    await user.click(await screen.findByRole("button", { name: "I have copied it" }));
  }
  expect(asked.map(({ scopes }) => scopes)).toEqual([["mcp"], ["tasks:read", "mcp"]]);
});

test("a refusal is shown in the dialog, with what was written", async () => {
  server.use(
    http.post("*/api/auth/tokens", () =>
      problem(422, "invalid", { errors: [{ field: "/name", detail: "has a control character" }] }),
    ),
  );
  const { user } = renderSignedIn(<TokensSettings />);
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText("Name"), "Odd");
  await user.type(screen.getByLabelText("Your password"), "my password");
  await user.click(screen.getByRole("button", { name: "Create token" }));
  expect(await screen.findByText("has a control character")).toBeVisible();
  await waitFor(() => expect(screen.getByLabelText("Name")).toHaveValue("Odd"));
});

test("a wrong password is said at the password", async () => {
  server.use(
    http.post("*/api/auth/tokens", () =>
      problem(422, "invalid", { errors: [{ field: "/password", detail: "is not your password" }] }),
    ),
  );
  const { user } = renderSignedIn(<TokensSettings />);
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText("Name"), "Backup");
  await user.type(screen.getByLabelText("Your password"), "a guess");
  await user.click(screen.getByRole("button", { name: "Create token" }));
  expect(await screen.findByText("That is not your password.")).toBeVisible();
});

test("without a password, a token that was not confirmed says so", async () => {
  server.use(
    http.get("*/api/auth/oidc/identities", () => HttpResponse.json({ password: false, identities: [] })),
  );
  const { user } = renderSignedIn(<TokensSettings />);
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText("Name"), "Backup");
  await waitFor(() => expect(screen.queryByLabelText("Your password")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Create token" }));
  expect(screen.getByText("First confirm that it is you.")).toHaveRole("alert");
});

test("a failure that is not the proof's leaves the confirmation", async () => {
  rememberConfirmed();
  server.use(http.post("*/api/auth/tokens", () => problem(503, "the database is away")));
  const { user } = renderSignedIn(<TokensSettings />);
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText("Name"), "Backup");
  await user.click(screen.getByRole("button", { name: "Create token" }));
  expect(await screen.findByText("the database is away")).toBeVisible();
  expect(screen.getByText("Confirmed.")).toBeVisible();
});
