import { expect, test } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { effectsOf, reversed } from "./effects";
import type { Change, Op } from "./op";
import { draft, project } from "./project";

const parent = makeTask({ id: "parent", title: "Parent" });
const child = makeTask({ id: "child", parent_id: "parent" });
const grandchild = makeTask({ id: "grandchild", parent_id: "child" });
const alone = makeTask({ id: "alone", priority: "low", completed: false });
const all = mapOf(parent, child, grandchild, alone);
const op = (change: Change): Op => ({ key: crypto.randomUUID(), at: 0, change, version: null });

test.each<[string, Change]>([
  ["an edit", { kind: "patch", id: "alone", patch: { priority: "high" }, before: { priority: "low" } }],
  ["a completion", { kind: "complete", id: "alone", completed: true }],
  ["a deletion with subtasks", { kind: "delete", id: "parent" }],
  ["a new task", { kind: "create", id: "new", task: { title: "New", position: "a9" } }],
  [
    "a batch",
    {
      kind: "batch",
      changes: [
        { kind: "complete", id: "alone", completed: true },
        { kind: "delete", id: "child" },
      ],
    },
  ],
])("%s is undone and redone on the screen before the server answers", (_, change) => {
  const made = change.kind === "create" ? draft(change.id, change.task, 0) : undefined;
  const effects = effectsOf(change, all, made);
  const undo: Change = { kind: "undo", id: "x", event: { trace: "t" }, effects: reversed(effects) };
  const redo: Change = { kind: "undo", id: "x", event: { trace: "u" }, effects };
  const done = project(all, [op(change)]);
  expect(done).not.toEqual(all);
  expect(project(all, [op(change), op(undo)])).toEqual(all);
  expect([...project(all, [op(change), op(undo), op(redo)]).keys()].sort()).toEqual([...done.keys()].sort());
});

test("an undo leaves the fields alone that were changed since", () => {
  const change: Change = {
    kind: "patch",
    id: "alone",
    patch: { priority: "high" },
    before: { priority: "low" },
  };
  const since = mapOf({ ...alone, priority: "high", title: "Renamed since" });
  const undo: Change = {
    kind: "undo",
    id: "alone",
    event: { trace: "t" },
    effects: reversed(effectsOf(change, all)),
  };
  expect(project(since, [op(undo)]).get("alone")).toMatchObject({ priority: "low", title: "Renamed since" });
});
