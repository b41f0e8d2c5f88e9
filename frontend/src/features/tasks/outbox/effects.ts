import type { Task } from "../task";
import type { EditScope } from "../series-question";
import { type Change, scoped, type TaskChange } from "./op";

/** What a change did to one task: the fields that it changed, or the whole task that it created or deleted. */
export interface Effect {
  id: string;
  /** Null: there was no task. */
  before: Partial<Task> | null;
  /** Null: there is no task any more. */
  after: Partial<Task> | null;
  /** Which occurrences of a series an edit was about. */
  scope?: EditScope;
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
      return [
        ...deletions(tasks, removedBy(change.changes)),
        ...change.changes.flatMap((one) => (isRemoval(one) ? [] : effectsOnOne(one, tasks))),
      ];
    default:
      return effectsOnOne(change, tasks);
  }
}

function effectsOnOne(change: TaskChange, tasks: ReadonlyMap<string, Task>): Effect[] {
  const task = tasks.get(change.id);
  switch (change.kind) {
    case "patch":
      return [{ id: change.id, before: change.before, after: change.patch, ...scoped(change.scope) }];
    case "complete":
      return task ? [{ id: task.id, before: completion(task), after: { completed: change.completed } }] : [];
    case "delete":
    case "skip":
      return deletions(tasks, [change.id]);
  }
}

const completion = ({ completed, completed_at }: Task) => ({ completed, completed_at });

/** The effects of taking effects back. */
export const reversed = (effects: readonly Effect[]): Effect[] =>
  effects.map((effect) => ({ ...effect, before: effect.after, after: effect.before }));

const deletions = (tasks: ReadonlyMap<string, Task>, ids: readonly string[]): Effect[] =>
  subtrees(tasks, ids).map((gone) => ({ id: gone.id, before: gone, after: null }));

export const isRemoval = ({ kind }: TaskChange) => kind === "delete" || kind === "skip";

/** The ids of the tasks that changes remove. */
export const removedBy = (changes: readonly TaskChange[]): string[] =>
  changes.filter(isRemoval).map(({ id }) => id);

/** A task and its subtasks, of all levels. */
export const subtree = (tasks: ReadonlyMap<string, Task>, id: string): Task[] => subtrees(tasks, [id]);

/** Tasks and their subtasks, of all levels, each once. */
export function subtrees(tasks: ReadonlyMap<string, Task>, ids: readonly string[]): Task[] {
  const found = new Map<string, Task>();
  for (const id of ids) {
    const root = tasks.get(id);
    if (root) found.set(id, root);
  }
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const task of tasks.values())
      if (task.parent_id !== null && found.has(task.parent_id)) found.set(task.id, task);
  }
  return [...found.values()];
}

/** The tasks that are not below others of them. */
export function topsOf(tasks: ReadonlyMap<string, Task>, some: readonly Task[]): Task[] {
  const ids = new Set(some.map(({ id }) => id));
  return some.filter((task) => {
    const seen = new Set([task.id]);
    for (let up = task.parent_id; up !== null && !seen.has(up); up = tasks.get(up)?.parent_id ?? null) {
      if (ids.has(up)) return false;
      seen.add(up);
    }
    return true;
  });
}
