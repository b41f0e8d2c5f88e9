import { afterEach, expect, test, vi } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { undoLast } from "./actions";
import type { Change } from "./outbox/op";
import { taskStore } from "./store";
import { type Act, undoStack } from "./undo-stack";

const seen = mapOf(makeTask({ id: "a" }), makeTask({ id: "b" }), makeTask({ id: "c" }));

const complete = (id: string): Act =>
  undoStack.together(() =>
    undoStack.record(
      {
        ...{ key: id, at: 1, trace: `00-${id}-1-01`, version: null },
        change: { kind: "complete", id, completed: true },
      },
      seen,
    ),
  )!;

afterEach(() => {
  undoStack.restored = Promise.resolve();
  undoStack.clear();
});

test("undo takes back what was done before it, not what was done until it was ready", async () => {
  const undone: Change[] = [];
  vi.spyOn(taskStore, "changeAll").mockImplementation((changes) => {
    undone.push(...changes);
    return [];
  });
  const beforeReload = { ...complete("a") };
  undoStack.clear();
  let ready = () => {};
  undoStack.restored = new Promise((resolve) => (ready = resolve));
  const before = complete("b");
  undoLast();
  undoLast();
  const since = complete("c");
  undoStack.restore({ done: [beforeReload], undone: [] });
  ready();
  await vi.waitFor(() => expect(undone.map((change) => "id" in change && change.id)).toEqual(["b", "a"]));
  expect(undoStack.acts().done).toEqual([since]);
  expect(undoStack.canUndo(before)).toBe(false);
});
