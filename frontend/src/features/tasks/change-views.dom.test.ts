import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/lib/session/session";
import { problem, server, sessionAnswer } from "@/testing/server";
import { changeView, createView, deleteView } from "./change-views";
import { undoStack } from "./undo-stack";
import { type SavedView, savedViews } from "./saved-views";

const at = "2026-12-01T12:00:00Z";
const view: SavedView = {
  ...{ id: "v1", name: "Soon", query: "next 7 days", layout: "list", group_by: null, sort: "due_at" },
  ...{ created_at: at, updated_at: at },
};

// Other tests have nothing to undo.
afterEach(() => undoStack.clear());
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

const names = () => savedViews.list.map(({ name }) => name);

/** The requests fail once the returned function is called; they do not get through before. */
function fail() {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const asked = vi.fn();
  server.use(
    http.all("*/api/views/:id", async () => {
      asked();
      await answered;
      return problem(503);
    }),
  );
  return { answer, asked };
}

test("changes of one view that fail leave it as the server has it", async () => {
  const { answer, asked } = fail();
  savedViews.put("v1", view);
  changeView("v1", { name: "First" });
  changeView("v1", { name: "Second" });
  expect(names()).toEqual(["Second"]);
  // Another device changes it meanwhile.
  savedViews.put("v1", { ...view, name: "Elsewhere" });
  expect(names()).toEqual(["Second"]);
  answer();
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(names()).toEqual(["Elsewhere"]));
});

test("a view whose creation and change fail is gone, and one that could not be deleted is back", async () => {
  const { answer, asked } = fail();
  savedViews.put("v1", view);
  const id = createView({ ...view, name: "New" });
  changeView(id, { name: "Newer" });
  deleteView("v1");
  expect(names()).toEqual(["Newer"]);
  answer();
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(3));
  await vi.waitFor(() => expect(names()).toEqual(["Soon"]));
});

test("a change that failed does not take back the one after it", async () => {
  let requests = 0;
  server.use(
    http.put("*/api/views/v1", async ({ request }) =>
      requests++ === 0
        ? problem(503)
        : HttpResponse.json({ ...view, ...((await request.json()) as Partial<SavedView>) }),
    ),
  );
  savedViews.put("v1", view);
  changeView("v1", { name: "First" });
  changeView("v1", { name: "Second" });
  const shown = new Set(names());
  const off = savedViews.subscribe(() => names().forEach((name) => shown.add(name)));
  await vi.waitFor(() => expect(requests).toBe(2));
  await vi.waitFor(() => expect(savedViews.get("v1")).toEqual({ ...view, name: "Second" }));
  off();
  expect([...shown]).toEqual(["Second"]);
});
