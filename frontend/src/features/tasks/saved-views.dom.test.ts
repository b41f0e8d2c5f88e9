import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/lib/session/session";
import { server, sessionAnswer } from "@/testing/server";
import { type SavedView, savedViews } from "./saved-views";

const at = "2026-12-01T12:00:00Z";
const view: SavedView = {
  ...{ id: "v1", name: "Soon", query: "next 7 days", layout: "list", group_by: null, sort: "due_at" },
  ...{ created_at: at, updated_at: at },
};

beforeEach(() => void session.enter(sessionAnswer()));
afterEach(() => savedViews.stop());

test("a change that arrives while the views are read is newer than what is read", async () => {
  let items = [view];
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const asked = vi.fn();
  server.use(
    http.get("*/api/views", async () => {
      asked();
      const read = items;
      await answered;
      return HttpResponse.json({ items: read });
    }),
  );
  savedViews.start("u1");
  await expect.poll(() => asked.mock.calls.length).toBe(1);
  const renamed = { ...view, name: "This week" };
  const made = { ...view, id: "v2", name: "Made elsewhere", created_at: "2026-12-01T13:00:00Z" };
  items = [renamed, made];
  for (const one of items) savedViews.put(one.id, one);
  const shown = new Set<string>();
  const off = savedViews.subscribe(() => shown.add(savedViews.list.map(({ name }) => name).join()));
  answer();
  await expect.poll(() => [...shown]).toEqual(["This week,Made elsewhere"]);
  off();
});
