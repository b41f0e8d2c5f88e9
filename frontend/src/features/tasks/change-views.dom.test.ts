import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { session } from "@/lib/session/session";
import { server, sessionAnswer } from "@/testing/server";
import { changeView } from "./change-views";
import { type SavedView, savedViews } from "./saved-views";

const at = "2026-12-01T12:00:00Z";
const view: SavedView = {
  ...{ id: "v1", name: "Soon", query: "next 7 days", layout: "list", group_by: null, sort: "due_at" },
  ...{ created_at: at, updated_at: at },
};

beforeEach(() => {
  session.enter(sessionAnswer());
  for (const { id } of savedViews.list) savedViews.put(id, null);
});

test("an edit of a view keeps what was changed elsewhere and not by the user", async () => {
  const sent = vi.fn();
  server.use(
    http.put("*/api/views/v1", async ({ request }) => {
      const fields = (await request.json()) as Partial<SavedView>;
      sent(fields);
      return HttpResponse.json({ ...view, ...fields });
    }),
  );
  savedViews.put("v1", { ...view, name: "This week", group_by: "project" });
  changeView("v1", { name: "Soon", query: "next 7 days" }, view);
  changeView("v1", { name: "Soon", query: "next 8 days" }, view);
  await vi.waitFor(() => expect(sent).toHaveBeenCalled());
  expect(sent.mock.calls).toEqual([
    [{ name: "This week", query: "next 8 days", layout: "list", group_by: "project", sort: "due_at" }],
  ]);
});
