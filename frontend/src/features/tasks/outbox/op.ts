import type { DeleteScope, EditScope } from "../series-question";
import type { NewTask, Task, TaskPatch } from "../task";

/** A change of one task by the user. */
export type TaskChange =
  /**
   * `before` has the values of the patched fields that the user saw; it shows whether the same fields were changed
   * elsewhere.
   */
  | { kind: "patch"; id: string; patch: TaskPatch; before: TaskPatch; scope?: EditScope }
  | { kind: "complete"; id: string; completed: boolean }
  | { kind: "delete"; id: string; scope?: DeleteScope }
  /** Passes over an occurrence of a series. */
  | { kind: "skip"; id: string };

export type Change =
  | TaskChange
  /** `id` is the task's final id: the server accepts ids chosen by clients. */
  | { kind: "create"; id: string; task: NewTask & { position: string } }
  | { kind: "restore"; id: string; tasks: Task[] }
  /** At most 100, all or none. */
  | { kind: "batch"; changes: TaskChange[] };

/** A change that waits for the server's response. It is stored until then, across reloads and days offline. */
export interface Op {
  /** The Idempotency-Key, the same for all attempts. */
  key: string;
  /** The position in the queue, assigned by the database. */
  order?: number;
  at: number;
  change: Change;
  /**
   * The version that a patch is based on; null if it follows another queued change of the same task, and is based on
   * its result.
   */
  version: number | null;
}

/** The largest batch that the API accepts. */
export const maxBatch = 100;

/** The ids of the tasks that a change affects. */
export function subjects(change: Change): string[] {
  return change.kind === "batch" ? change.changes.map((c) => c.id) : [change.id];
}
