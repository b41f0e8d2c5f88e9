import { QueryClientProvider } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test } from "vitest";
import { makeQueryClient } from "@/lib/query-client";
import { rememberConfirmed } from "@/lib/visit";
import { renderSignedIn } from "@/testing/render";
import { problem, server } from "@/testing/server";
import { DeleteSection } from "./components/delete-section";
import { PasswordSection } from "./components/password-section";

const noPassword = http.get("*/api/auth/oidc/identities", () =>
  HttpResponse.json({ password: false, identities: [] }),
);

afterEach(() => sessionStorage.clear());

async function openDeletion() {
  const { user } = renderSignedIn(<DeleteSection />);
  await user.click(await screen.findByRole("button", { name: /^Delete my account/ }));
  const dialog = within(await screen.findByRole("dialog"));
  return { dialog, send: () => user.click(dialog.getByRole("button", { name: "Delete my account" })) };
}

test("without a password, a deletion that was not confirmed says so", async () => {
  server.use(noPassword);
  const { dialog, send } = await openDeletion();
  await waitFor(() => expect(dialog.queryByLabelText("Your password")).toBeNull());
  await send();
  expect(dialog.getByText("First confirm that it is you.")).toHaveRole("alert");
});

test("without a password, a new one that was not confirmed says so", async () => {
  server.use(noPassword);
  const { user } = renderSignedIn(<PasswordSection />);
  await waitFor(() => expect(screen.queryByLabelText("Current password")).toBeNull());
  await user.type(screen.getByLabelText("New password"), "unrelated violet submarine");
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(screen.getByText("First confirm that it is you.")).toHaveRole("alert");
});

test("a deletion that fails for another reason says which, and stays confirmed", async () => {
  rememberConfirmed();
  server.use(
    noPassword,
    http.post("*/api/auth/deletion", () => problem(503, "the database is away")),
  );
  const { dialog, send } = await openDeletion();
  await send();
  expect(await dialog.findByText("the database is away")).toHaveRole("alert");
  expect(dialog.getByText("Confirmed.")).toBeVisible();
});

test("a confirmation that the server no longer accepts is asked for again", async () => {
  rememberConfirmed();
  server.use(
    noPassword,
    http.post("*/api/auth/deletion", () =>
      problem(422, "no", { errors: [{ field: "/password", detail: "is required" }] }),
    ),
  );
  const { dialog, send } = await openDeletion();
  await send();
  expect(await dialog.findByText("That took too long. Confirm again.")).toHaveRole("alert");
  expect(dialog.queryByText("Confirmed.")).toBeNull();
});

test("a change of the password cannot be sent before its page is hydrated, nor ever by its address", () => {
  const exported = document.createElement("div");
  exported.innerHTML = renderToString(
    <QueryClientProvider client={makeQueryClient()}>
      <PasswordSection />
    </QueryClientProvider>,
  );
  expect(within(exported).getByRole("button", { name: "Change password", hidden: true })).toBeDisabled();
  expect(exported.querySelector("form")).toHaveProperty("method", "post");
});
