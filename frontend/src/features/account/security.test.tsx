import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { problem, server, sessionAnswer } from "@/testing/server";
import type { OpenSession } from "./api/sessions";
import { SecuritySettings } from "./components/security-settings";

const one = (id: string, device: string, current = false): OpenSession => ({
  id,
  device,
  network: "internet",
  created_at: "2026-11-23T11:58:00Z",
  last_used_at: "2026-11-23T12:01:00Z",
  expires_at: "2026-12-23T12:01:00Z",
  ends_at: "2027-02-21T11:58:00Z",
  current,
});

let open: OpenSession[] = [];

beforeEach(() => {
  open = [one("a", "Firefox on Linux", true), one("b", "Safari on iPhone"), one("c", "")];
  server.use(
    http.get("*/api/auth/sessions", () => HttpResponse.json({ items: open, next_cursor: null })),
    http.delete("*/api/auth/sessions/:id", ({ params }) => {
      open = open.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete("*/api/auth/sessions", () => {
      open = open.filter(({ current }) => current);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

test("a session is ended, and then all others", async () => {
  const { user } = renderSignedIn(<SecuritySettings />);
  const list = within(await screen.findByRole("list", { name: "Sessions" }));
  expect(list.getByText("This browser")).toBeVisible();
  expect(list.queryByRole("button", { name: /Firefox/ })).toBeNull();
  await user.click(list.getByRole("button", { name: "End the session of Safari on iPhone" }));
  await waitFor(() => expect(list.queryByText("Safari on iPhone")).toBeNull());
  expect(list.getByText("Unknown device")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "End all other sessions" }));
  await waitFor(() => expect(list.queryByText("Unknown device")).toBeNull());
  expect(screen.queryByRole("button", { name: "End all other sessions" })).toBeNull();
});

test("the focus goes to the next session, else the one before, else the heading", async () => {
  open = [
    one("a", "Firefox on Linux", true),
    one("b", "Safari on iPhone"),
    one("c", "Chrome on Android"),
    one("d", ""),
  ];
  const { user } = renderSignedIn(<SecuritySettings />);
  const end = (name: string) => screen.findByRole("button", { name: `End the session of ${name}` });
  (await end("Chrome on Android")).focus();
  await user.keyboard("{Enter}");
  const unknown = await screen.findByRole("button", { name: /^End the session of .*unknown/i });
  await waitFor(() => expect(unknown).toHaveFocus());
  await user.keyboard("{Enter}");
  await waitFor(async () => expect(await end("Safari on iPhone")).toHaveFocus());
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByRole("heading", { name: "Sessions" })).toHaveFocus());
});

test("the password is changed, and what was wrong is said where it was", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/auth/password", async ({ request }) => {
      const body = (await request.json()) as { current_password: string; new_password: string };
      asked.push(body);
      if (body.current_password !== "the old password")
        return problem(422, "no", {
          errors: [{ field: "/current_password", detail: "is not your password" }],
        });
      if (body.new_password === "password1234")
        return problem(422, "no", { errors: [{ field: "/new_password", detail: "is too easy to guess" }] });
      return HttpResponse.json(sessionAnswer("token-2"));
    }),
  );
  const { user } = renderSignedIn(<SecuritySettings />);
  const form = within(await screen.findByRole("form", { name: "Change the password" }));
  const send = () => user.click(form.getByRole("button", { name: "Change password" }));
  await send();
  expect(form.getByText("Enter your current password.")).toBeVisible();
  expect(form.getByText("Use at least 10 characters.")).toBeVisible();
  await user.type(form.getByLabelText("Current password"), "a guess");
  await user.type(form.getByLabelText("New password"), "password1234");
  await send();
  expect(await form.findByText("That is not your password.")).toBeVisible();
  await user.clear(form.getByLabelText("Current password"));
  await user.type(form.getByLabelText("Current password"), "the old password");
  await send();
  expect(await form.findByText("Is too easy to guess")).toBeVisible();
  await user.clear(form.getByLabelText("New password"));
  await user.type(form.getByLabelText("New password"), "unrelated violet submarine");
  await user.click(form.getByRole("switch", { name: "Revoke access tokens too" }));
  await send();
  await waitFor(() => expect(form.getByLabelText("New password")).toHaveValue(""));
  expect(asked.at(-1)).toEqual({
    current_password: "the old password",
    new_password: "unrelated violet submarine",
    revoke_tokens: true,
  });
});
