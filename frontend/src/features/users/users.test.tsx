import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { account, problem, server } from "@/testing/server";
import type { ManagedUser } from "./api/users";
import { UsersPage } from "./components/users-page";

vi.mock("@/features/shell", () => ({ Header: ({ title }: { title: string }) => <h1>{title}</h1> }));

const admin = { ...account, role: "admin" as const };
const one = (id: string, name: string, more: Partial<ManagedUser> = {}): ManagedUser => ({
  id,
  name,
  email: `${id}@example.com`,
  role: "user",
  created_at: "2026-11-23T11:58:00Z",
  disabled_at: null,
  last_seen_at: null,
  sessions: 1,
  tokens: 0,
  tasks: 1200,
  bytes: 2048,
  max_tasks: null,
  max_bytes: null,
  ...more,
});

let users: ManagedUser[] = [];
let asked: string[] = [];

beforeEach(() => {
  asked = [];
  users = [
    one(admin.id, "Ada", { role: "admin" }),
    one("bob", "Bob", { max_tasks: 5000 }),
    one("eve", "Eve"),
  ];
  server.use(
    http.get("*/api/admin/users", ({ request }) => {
      const { searchParams } = new URL(request.url);
      const q = searchParams.get("q") ?? "";
      asked.push(q);
      const found = users.filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()));
      return HttpResponse.json(
        searchParams.has("cursor") || found.length < 3
          ? { items: found.slice(-2), next_cursor: null }
          : { items: found.slice(0, 1), next_cursor: "more" },
      );
    }),
    http.patch("*/api/admin/users/:id", async ({ params, request }) => {
      const change = (await request.json()) as { disabled?: boolean };
      users = users.map((u) =>
        u.id === params.id ? { ...u, disabled_at: change.disabled ? "2026-11-24T00:00:00Z" : null } : u,
      );
      return HttpResponse.json(users.find(({ id }) => id === params.id));
    }),
  );
});

test("users are listed by page and searched", async () => {
  const { user } = renderSignedIn(<UsersPage />, admin);
  const table = await screen.findByRole("table", { name: "Users" });
  expect(within(table).getByRole("row", { name: /^Ada You Administrator/ })).toBeVisible();
  expect(within(table).queryByRole("button", { name: /Actions/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "More" }));
  expect(await within(table).findByRole("row", { name: /^Bob .*1,200 tasks of 5,000/ })).toBeVisible();
  await user.type(screen.getByRole("searchbox", { name: "Search users" }), "nobody");
  expect(await screen.findByText("No users found", { selector: "p.font-medium" })).toBeVisible();
  expect(asked).toEqual(["", "", "nobody"]);
});

test("a user is disabled after a question, and enabled again", async () => {
  users = users.slice(1);
  const { user } = renderSignedIn(<UsersPage />, admin);
  await user.click(await screen.findByRole("button", { name: "Actions for bob@example.com" }));
  await user.click(await screen.findByRole("menuitem", { name: "Disable…" }));
  const dialog = await screen.findByRole("dialog", { name: "Disable Bob?" });
  await user.click(within(dialog).getByRole("button", { name: "Disable" }));
  expect(await screen.findByText("Disabled")).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Actions for bob@example.com" }));
  expect(screen.queryByRole("menuitem", { name: "End sessions…" })).toBeNull();
  await user.click(await screen.findByRole("menuitem", { name: "Enable…" }));
  await user.click(await screen.findByRole("button", { name: "Enable" }));
  await waitFor(() => expect(screen.queryByText("Disabled")).toBeNull());
});

test("a link is shown where no mail is sent, and a refusal says why", async () => {
  users = users.slice(1);
  let refuse = true;
  server.use(
    http.post("*/api/admin/users/:id/reset-link", () =>
      refuse
        ? problem(409, "this account is disabled: enable it first")
        : HttpResponse.json({ mailed: false, url: "http://localhost/reset#secret" }),
    ),
  );
  const { user } = renderSignedIn(<UsersPage />, admin);
  await user.click(await screen.findByRole("button", { name: "Actions for bob@example.com" }));
  await user.click(await screen.findByRole("menuitem", { name: "Reset password…" }));
  await user.click(await screen.findByRole("button", { name: "Create link" }));
  expect(await screen.findByText("this account is disabled: enable it first")).toBeVisible();
  refuse = false;
  await user.click(screen.getByRole("button", { name: "Create link" }));
  expect(await screen.findByLabelText("Link")).toHaveValue("http://localhost/reset#secret");
});

test("the page is for administrators, and says when it cannot load", async () => {
  const view = renderSignedIn(<UsersPage />);
  expect(screen.getByText("This page is for administrators")).toBeVisible();
  expect(asked).toEqual([]);
  view.unmount();
  server.use(http.get("*/api/admin/users", () => problem(403, "this is for administrators")));
  renderSignedIn(<UsersPage />, admin);
  expect(await screen.findByRole("alert")).toHaveTextContent("this is for administrators");
});
