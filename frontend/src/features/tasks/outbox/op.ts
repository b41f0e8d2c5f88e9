import type { NewTask, Task, TaskPatch } from "../task";

/** A change of one task that the user has made. */
export type TaskChange =
  /** `before` is what the user saw in the patched fields: whether somebody else changed just these is told by it. */
  | { kind: "patch"; id: string; patch: TaskPatch; before: TaskPatch }
  | { kind: "complete"; id: string; completed: boolean }
  | { kind: "delete"; id: string };

export type Change =
  | TaskChange
  /** `id` is made up here, until the server has given the task its own. */
  | { kind: "create"; id: string; task: NewTask & { position: string } }
  | { kind: "restore"; id: string; tasks: Task[] }
  /** At most 100, all or nothing. */
  | { kind: "batch"; changes: TaskChange[] };

/** A change on its way to the server. It is kept until the server has said yes or no, over reloads and days offline. */
export interface Op {
  /** The Idempotency-Key: the same one however often it is sent. */
  key: string;
  /** The place in the queue, by the database. */
  order?: number;
  at: number;
  change: Change;
  /**
   * The version that a patch is based on: null when it follows another change of the same task that is still in the
   * queue, and so is based on whatever that leads to.
   */
  version: number | null;
}

/** The largest batch that the API takes. */
export const maxBatch = 100;

const temporary = "new-";

export const temporaryId = (): string => temporary + crypto.randomUUID();
export const isTemporary = (id: string): boolean => id.startsWith(temporary);

/** The ids of the tasks that a change is about. */
export function subjects(change: Change): string[] {
  return change.kind === "batch" ? change.changes.map((c) => c.id) : [change.id];
}

/** The same change, once the server has given a task its id. */
export function renamed<C extends Change>(change: C, from: string, to: string): C {
  if (change.kind === "batch") {
    return { ...change, changes: change.changes.map((c) => renamed(c, from, to)) };
  }
  let next: Change = change;
  if (next.id === from) next = { ...next, id: to };
  if (next.kind === "create" && next.task.parent_id === from) {
    next = { ...next, task: { ...next.task, parent_id: to } };
  }
  if (next.kind === "patch" && next.patch.parent_id === from) {
    next = { ...next, patch: { ...next.patch, parent_id: to } };
  }
  return next as C;
}
