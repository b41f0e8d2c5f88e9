import { expect, test } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import type { Op } from "./outbox/op";
import { undoStack } from "./undo-stack";

const seen = mapOf(makeTask({ id: "t1" }), makeTask({ id: "t2" }));
const complete = (key: string, id: string): Op => ({
  ...{ key, at: 1, trace: `00-${key}-1-01`, version: null },
  change: { kind: "complete", id, completed: true },
});

test("the button of an act undoes it also after a part of it, or another act, has failed", () => {
  const [, second] = [["a"], ["b", "c"], ["d"]].map((keys) =>
    undoStack.together(() =>
      keys.forEach((key, i) => undoStack.record(complete(key, i === 0 ? "t1" : "t2"), seen)),
    ),
  );
  undoStack.forget("a");
  undoStack.forget("c");
  expect(undoStack.acts().done.map(({ steps }) => steps.map(({ key }) => key))).toEqual([["b"], ["d"]]);
  expect(undoStack.takeDone(second!)?.steps).toHaveLength(1);
  undoStack.clear();
});

test("a change of a project can be undone before its response, but not after it was refused", async () => {
  const undone = { ...undoStack.recordLabel("completed a task", "a", Promise.resolve()) };
  await undoStack.outcomeOf(undoStack.takeDone()!);
  undoStack.putUndone(undone);

  const refused = undoStack.recordLabel("added a project", "b", Promise.reject(new Error("409")));
  expect(undoStack.canUndo(refused)).toBe(true);
  expect(await undoStack.outcomeOf(refused)).toBe(false);
  expect(undoStack.acts()).toEqual({ done: [], undone: [undone] });

  const made = undoStack.recordLabel("renamed a project", "c", Promise.resolve());
  expect(await undoStack.outcomeOf(made)).toBe(true);
  expect(undoStack.acts()).toEqual({ done: [made], undone: [] });
  undoStack.clear();
});
