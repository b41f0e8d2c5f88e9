import { http, HttpResponse } from "msw";
import { afterEach, expect, test, vi } from "vitest";
import { live } from "@/lib/live/live";
import { session } from "@/lib/session/session";
import { openDatabase } from "@/lib/store/database";
import { problem, server, sessionAnswer } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import { createTask } from "./changes";
import { taskStore } from "./store";

afterEach(() => taskStore.stop());

/** The tasks of a user are shown; there is no stream. */
async function start(userId: string) {
  session.enter(sessionAnswer());
  vi.spyOn(live, "start").mockImplementation(() => {});
  await taskStore.start(userId);
}

test("a task that is added before the database is open is kept like any other", async () => {
  server.use(http.all("*", () => problem(503)));
  const started = start("early");
  createTask({ title: "typed early" });
  await started;
  const db = (await openDatabase("early"))!;
  await expect.poll(() => db.count("outbox")).toBe(1);
  expect([...taskStore.snapshot.tasks.values()]).toMatchObject([{ title: "typed early" }]);
  db.close();
});

test("a change in conflict that no visible tab shows is among those that could not be saved", async () => {
  server.use(
    http.patch("*/api/todos/t1", () => problem(412)),
    http.get("*/api/todos/t1", () => HttpResponse.json(makeTask({ id: "t1", description: "theirs" }))),
    http.all("*", () => problem(503)),
  );
  const db = (await openDatabase("hidden"))!;
  const patch = { description: "an hour of typing" };
  const change = { kind: "patch", id: "t1", patch, before: { description: "" } };
  await db.add("outbox", { key: "k", at: 0, version: 3, change });
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  await start("hidden");
  await expect.poll(() => taskStore.snapshot.unsaved).toMatchObject([{ status: 412, op: { change } }]);
  expect(taskStore.snapshot.waiting).toBe(0);
  taskStore.discard(taskStore.snapshot.unsaved[0]!);
  await expect.poll(() => db.count("unsaved")).toBe(0);
  db.close();
});
