import { beforeEach, expect, test, vi } from "vitest";
import { type Database, deleteDatabase, openDatabase } from "@/lib/store/database";
import { makeTask, mapOf } from "@/testing/tasks";
import type { Op } from "./outbox/op";
import { keepUndo } from "./undo-storage";
import { undoStack } from "./undo-stack";

const task = makeTask({ id: "t1" });
const op = (key: string, title = key): Op => ({
  ...{ key, at: 1, trace: `00-${key}-1-01`, version: null },
  change: { kind: "patch", id: "t1", patch: { title }, before: { title: task.title } },
});
const record = (key: string) => undoStack.record(op(key), mapOf(task));
const keys = () => undoStack.acts().done.map(({ steps }) => steps[0]!.key);
const stored = async (db: Database) => {
  const [key] = (await db.getAllKeys("meta")).filter((one) => one.startsWith("undo."));
  return key ? ((await db.get("meta", key)) as ReturnType<typeof undoStack.acts>) : undefined;
};

beforeEach(() => undoStack.clear());

test("what was done and undone in a tab is there after a reload, and ends with the session", async () => {
  const db = (await openDatabase("undo"))!;
  let { end } = keepUndo(db);
  for (const key of ["a", "b", "c"]) record(key);
  undoStack.putUndone(undoStack.takeDone()!);
  await expect.poll(async () => (await stored(db))?.undone.length).toBe(1);

  end();
  undoStack.clear();
  ({ end } = keepUndo(db));
  await expect.poll(keys).toEqual(["a", "b"]);
  expect(undoStack.takeUndone()?.steps[0]).toMatchObject({ key: "c", trace: "00-c-1-01" });
  record("d");
  await expect.poll(async () => (await stored(db))?.done.length).toBe(3);

  // The session ends: nothing is written any more, and nothing restored.
  await db.clear("meta");
  record("e");
  end();
  undoStack.clear();
  expect(await stored(db)).toBeUndefined();
  ({ end } = keepUndo(db));
  end();
  expect(keys()).toEqual([]);
  db.close();
  await deleteDatabase("undo");
});

test("a tab that was duplicated has its own acts, and the first one keeps its own", async () => {
  const db = (await openDatabase("undo-twice"))!;
  const first = keepUndo(db);
  record("a");
  await expect.poll(async () => (await stored(db))?.done.length).toBe(1);

  // The other tab has the session storage of the first.
  undoStack.clear();
  const second = keepUndo(db);
  await second.restored;
  expect(keys()).toEqual([]);
  first.end(); // in its own tab it would not see what is done in the other
  record("b");
  await expect
    .poll(async () => (await db.getAllKeys("meta")).filter((key) => key.startsWith("undo.")).length)
    .toBe(2);
  second.end();

  sessionStorage.clear();
  undoStack.clear();
  db.close();
  await deleteDatabase("undo-twice");
});

test("what a closed tab left is deleted after a day, and acts on too many tasks are not stored", async () => {
  const db = (await openDatabase("undo-old"))!;
  await db.put("meta", { at: Date.now() - 2 * 86_400_000, done: [], undone: [] }, "undo.closed");
  await db.put("meta", { at: Date.now(), done: [], undone: [] }, "undo.open");
  const { end } = keepUndo(db);
  await expect.poll(() => db.getAllKeys("meta")).not.toContain("undo.closed");
  expect(await db.getAllKeys("meta")).toContain("undo.open");
  const many = mapOf(...Array.from({ length: 2001 }, (_, i) => makeTask({ id: `m${i}` })));
  const changes = [...many.keys()].map((id) => ({ kind: "delete" as const, id }));
  undoStack.record(
    { key: "many", at: 1, trace: "t", version: null, change: { kind: "batch", changes } },
    many,
  );
  record("after");
  await db.delete("meta", "undo.open");
  await vi.waitFor(async () =>
    expect((await stored(db))?.done.map(({ steps }) => steps[0]!.key)).toEqual(["after"]),
  );
  end();
  undoStack.clear();
  db.close();
  await deleteDatabase("undo-old");
});
