import type { NewTask, Task, TaskPatch } from "../task";

/** A change of one task that the user has made. */
export type TaskChange =
  /** `before` is what the user saw in the patched fields: whether somebody else changed just these is told by it. */
  | { kind: "patch"; id: string; patch: TaskPatch; before: TaskPatch }
  | { kind: "complete"; id: string; completed: boolean }
  | { kind: "delete"; id: string };

export type Change =
  | TaskChange
  /** `id` is the task's from the beginning: the server takes the ids that clients choose. */
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

/** The ids of the tasks that a change is about. */
export function subjects(change: Change): string[] {
  return change.kind === "batch" ? change.changes.map((c) => c.id) : [change.id];
}
