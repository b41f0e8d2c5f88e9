import type { Task } from "../task";
import type { Change, TaskChange } from "./op";

/** What a change did to one task: the fields that it changed, or the whole task that it created or deleted. */
export interface Effect {
  id: string;
  /** Null: there was no task. */
  before: Partial<Task> | null;
  /** Null: there is no task any more. */
  after: Partial<Task> | null;
}

/** The effects of a change on the tasks that the user sees; `made` is the result of a create. */
export function effectsOf(change: Change, tasks: ReadonlyMap<string, Task>, made?: Task): Effect[] {
  switch (change.kind) {
    case "create":
      return made ? [{ id: change.id, before: null, after: made }] : [];
    case "restore":
      return change.tasks.map((task) => ({ id: task.id, before: null, after: task }));
    case "undo":
      return change.effects;
    case "comment":
      return [];
    case "batch":
      return change.changes.flatMap((one) => effectsOnOne(one, tasks));
    default:
      return effectsOnOne(change, tasks);
  }
}

function effectsOnOne(change: TaskChange, tasks: ReadonlyMap<string, Task>): Effect[] {
  const task = tasks.get(change.id);
  switch (change.kind) {
    case "patch":
      return [{ id: change.id, before: change.before, after: change.patch }];
    case "complete":
      return task ? [{ id: task.id, before: completion(task), after: { completed: change.completed } }] : [];
    case "delete":
    case "skip":
      return subtree(tasks, change.id).map((gone) => ({ id: gone.id, before: gone, after: null }));
  }
}

const completion = ({ completed, completed_at }: Task) => ({ completed, completed_at });

/** The effects of taking effects back. */
export const reversed = (effects: readonly Effect[]): Effect[] =>
  effects.map(({ id, before, after }) => ({ id, before: after, after: before }));

/** A task and its subtasks, of all levels. */
export function subtree(tasks: ReadonlyMap<string, Task>, id: string): Task[] {
  const root = tasks.get(id);
  if (!root) return [];
  const found = [root];
  const ids = new Set([id]);
  for (let i = 0; i !== found.length;) {
    i = found.length;
    for (const task of tasks.values()) {
      if (task.parent_id === null || !ids.has(task.parent_id) || ids.has(task.id)) continue;
      ids.add(task.id);
      found.push(task);
    }
  }
  return found;
}
