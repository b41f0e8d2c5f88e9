import type { CommentEffect } from "../comments/comment";
import type { DeleteScope, EditScope } from "../series-question";
import type { NewTask, Task, TaskPatch } from "../task";
import type { Effect } from "./effects";

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
  /** A comment on the task `id`. */
  | ({ kind: "comment"; id: string } & CommentEffect)
  /**
   * Undoes an event of the task `id`: the one given, or the one that a request with this trace has caused. Without an id it
   * is one of a project or a tag, whose effects only the server knows; with a comment it is one of that.
   */
  | {
      kind: "undo";
      id: string;
      event: { id: string } | { trace: string };
      effects: Effect[];
      comment?: CommentEffect;
    }
  /** At most 100, all or none. */
  | { kind: "batch"; changes: TaskChange[] };

/** A change that waits for the server's response. It is stored until then, across reloads and days offline. */
export interface Op {
  /** The Idempotency-Key, the same for all attempts. */
  key: string;
  /** The position in the queue, assigned by the database. */
  order?: number;
  at: number;
  /** The traceparent of all attempts: it finds the events that the change has caused. Ops from before it have none. */
  trace?: string;
  /** The title of the task that is changed, in case the change is refused because the task is gone. */
  title?: string;
  change: Change;
  /**
   * The version that a patch is based on; null if it follows another queued change of the same task, and is based on
   * its result.
   */
  version: number | null;
}

/** A change that the server refused, or that is in conflict (412), and that holds something the user typed. */
export interface Unsaved {
  op: Op;
  status: number;
  reason: string;
  /** The title of the task, as the user saw it. */
  title: string | null;
}

/** Whether something that the user typed or chose is lost with a change. */
export function holdsText(change: Change): boolean {
  if (change.kind === "batch") return change.changes.some((one) => one.kind === "patch");
  return (
    change.kind === "create" ||
    change.kind === "patch" ||
    (change.kind === "comment" && change.after !== null)
  );
}

/** The scope of a change as a field, if it has one. */
export const scoped = <Scope extends string>(scope: Scope | undefined) => (scope ? { scope } : {});

/** The largest batch that the API accepts. */
export const maxBatch = 100;

/** The ids of the tasks that a change affects. */
export function subjects(change: Change): string[] {
  if (change.kind === "batch") return change.changes.map((c) => c.id);
  return change.kind === "undo" ? change.effects.map((e) => e.id) : [change.id];
}
