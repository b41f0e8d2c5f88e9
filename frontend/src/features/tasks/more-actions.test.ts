import { beforeEach, expect, test, vi } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { duplicate, indent, moveBelow, moveToEnd, outdent } from "./more-actions";
import type { Change, Op } from "./outbox/op";
import { project } from "./outbox/project";
import { taskStore } from "./store";
import type { Task } from "./task";

const changes: Change[] = [];

/** A store that shows its changes, and sends none. */
function hold(...tasks: Task[]) {
  const show = (map: ReadonlyMap<string, Task>) =>
    (taskStore.snapshot = { ...taskStore.snapshot, tasks: map });
  show(mapOf(...tasks));
  vi.spyOn(taskStore, "changeAll").mockImplementation((all) => {
    const ops = all.map((change): Op => ({
      key: String(changes.push(change)),
      at: 0,
      change,
      version: null,
    }));
    show(project(taskStore.snapshot.tasks, ops));
    return ops;
  });
}
const titles = () =>
  [...taskStore.snapshot.tasks.values()]
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .map(({ title, parent_id }) => (parent_id ? `${title} < ${taskStore.get(parent_id)?.title}` : title));

beforeEach(() => void changes.splice(0));

const [a, b, c, d] = ["a", "b", "c", "d"].map((id, i) => makeTask({ id, title: id, position: `a${i}` })) as [
  Task,
  Task,
  Task,
  Task,
];

test("tasks become subtasks of another one and come back, in their order", () => {
  hold(a, b, c, d);
  moveBelow(["d", "c"], a);
  expect(changes).toHaveLength(1);
  expect(titles().toSorted()).toEqual(["a", "b", "c < a", "d < a"]);
  outdent(["c", "d"]);
  expect(titles()).toEqual(["a", "c", "d", "b"]);
  indent(["b"], "d");
  expect(titles()).toContain("b < d");
  outdent(["a"]);
  expect(titles()).toContain("a");
});

test("tasks go to both ends of the list, in the order that they have", () => {
  hold(a, b, c, d);
  moveToEnd(["d", "c"], "top");
  expect(titles()).toEqual(["c", "d", "a", "b"]);
  moveToEnd(["c", "a"], "bottom");
  expect(titles()).toEqual(["d", "b", "c", "a"]);
});

test("a copy has the subtasks, and nothing in it is completed", () => {
  const below = makeTask({ id: "a1", title: "a1", parent_id: "a", position: "a8", completed: true });
  hold({ ...a, tags: ["home"], description: "text", priority: "high" }, b, below);
  duplicate(["a", "a1"]);
  const [copy, subtask] = changes.map((change) => (change.kind === "create" ? change : null));
  expect(copy?.task).toMatchObject({ title: "a", tags: ["home"], description: "text", priority: "high" });
  expect(copy!.task.position > "a0" && copy!.task.position < "a1").toBe(true);
  expect(subtask?.task).toMatchObject({ title: "a1", parent_id: copy!.id });
  expect(taskStore.get(subtask!.id)?.completed).toBe(false);
  expect(changes).toHaveLength(2);
});
