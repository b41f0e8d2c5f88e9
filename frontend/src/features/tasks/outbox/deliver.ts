import { api } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import type { RequestOptions } from "@/lib/api/send";
import { lazyModule } from "@/lib/lazy-part";
import type { Task } from "../task";
import { hasName } from "../view/search";
import { eventOf } from "./event-of";
import { type Op, scoped, type TaskChange } from "./op";

/** The result of a change: the tasks as they are now, and the ids of the deleted ones. */
export interface Outcome {
  tasks: Task[];
  gone: string[];
  nextOccurrenceAt?: string | null;
}

/** The same fields have been changed elsewhere. */
export class Conflict extends Error {
  override name = "Conflict";

  constructor(
    readonly op: Op,
    readonly theirs: Task,
  ) {
    super("The task was changed on another device.");
  }
}

/** What is to be undone has been changed since. */
export class ChangedSince extends Error {
  override name = "ChangedSince";

  constructor(readonly fields: string[]) {
    super("The task has changed since.");
  }
}

const loadComments = lazyModule(() => import("../comments/deliver"));

const path = (id: string, scope?: string) =>
  `/api/todos/${encodeURIComponent(id)}${scope ? `?scope=${scope}` : ""}`;

/**
 * Sends an op to the server. Repeating it after a lost response is safe: its key makes the server apply it once. Throws
 * Problem, Unreachable or Conflict.
 */
export async function deliver(op: Op, version: number | null): Promise<Outcome> {
  const { change } = op;
  const sent = { idempotencyKey: op.key, ...traced(op) };
  switch (change.kind) {
    case "create":
      return one(
        await api.post<Task>(
          "/api/todos",
          { ...change.task, id: change.id } satisfies Schema["NewTask"],
          sent,
        ),
      );
    case "patch":
      return patch(op, change, version);
    case "complete": {
      const body: Schema["Completion"] = { completed: change.completed };
      const answer = await api.patch<Schema["CompletedTask"]>(`${path(change.id)}/complete`, body, sent);
      const { next_occurrence_at: nextOccurrenceAt, ...task } = answer;
      return { ...one(task), ...(nextOccurrenceAt === undefined ? {} : { nextOccurrenceAt }) };
    }
    case "delete":
      await unlessGone(api.delete(path(change.id, change.scope), sent));
      return { tasks: [], gone: [change.id] };
    case "skip":
      return skip(change.id, sent);
    case "restore": {
      const restored = await api.post<Task>(`${path(change.id)}/restore`, undefined, sent);
      const below = change.tasks.filter((t) => t.id !== restored.id);
      return { tasks: [restored, ...below], gone: [] };
    }
    case "undo":
      return undo(change, sent);
    case "comment":
      await (await loadComments()).deliverComment(change, sent);
      return { tasks: [], gone: [] };
    case "batch": {
      const body: Schema["Batch"] = { operations: change.changes.map(operation) };
      return each(await api.post<Schema["BatchResults"]>("/api/todos/batch", body, sent));
    }
  }
}

const one = (task: Task): Outcome => ({ tasks: [task], gone: [] });

const each = ({ results }: Results): Outcome => ({
  tasks: results.flatMap((r) => (r.task ? [r.task] : [])),
  gone: results.flatMap((r) => (r.task ? [] : [r.id])),
});

type Results = Pick<Schema["BatchResults"], "results">;

function operation(change: TaskChange): Schema["Batch"]["operations"][number] {
  switch (change.kind) {
    case "patch":
      return { op: "update", id: change.id, task: patchBody(change), ...scoped(change.scope) };
    case "complete":
      return { op: "complete", id: change.id, task: { completed: change.completed } };
    case "delete":
      return { op: "delete", id: change.id, ...scoped(change.scope) };
    case "skip":
      return { op: "delete", id: change.id, scope: "this" };
  }
}

export type Sent = Pick<RequestOptions, "idempotencyKey" | "traceparent">;

const traced = ({ trace }: Op): Pick<RequestOptions, "traceparent"> => (trace ? { traceparent: trace } : {});

async function skip(id: string, sent: Sent): Promise<Outcome> {
  const outcome: Outcome = { tasks: [], gone: [id] };
  try {
    const skipped = await api.post<Schema["CompletedTask"]>(`${path(id)}/skip`, undefined, sent);
    return { ...outcome, nextOccurrenceAt: skipped.next_occurrence_at ?? null };
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
    return outcome;
  }
}

type Undo = Extract<Op["change"], { kind: "undo" }>;

/** Undoes one event, or a whole request: a batch, or a task that was deleted with its subtasks. */
async function undo({ id, event, effects, comment }: Undo, sent: Sent): Promise<Outcome> {
  const tasks = [id, ...effects.map((effect) => effect.id)];
  const eventId = "id" in event ? event.id : await eventOf(tasks, event.trace, !!comment);
  const url = `/api/history/${encodeURIComponent(eventId)}/undo`;
  try {
    if ("trace" in event) return each(await api.post<Results>(url, { scope: "batch" }, sent));
    const task = await api.post<Task | null>(url, undefined, sent);
    return task ? one(task) : { tasks: [], gone: [id] };
  } catch (error) {
    const refused = error instanceof Problem && error.status === 409 && error.kind !== "quota-exceeded";
    if (!id || comment || !refused) throw error;
    throw new ChangedSince(error.errors.map(({ field }) => field.slice(1)));
  }
}

export async function unlessGone(deletion: Promise<void>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}

type Patch = Extract<TaskChange, { kind: "patch" }>;

/** The tags that the user added and removed, so that those of other devices stay. */
function tagChanges({ patch, before }: Patch): { tags_add?: string[]; tags_remove?: string[] } {
  const { tags } = patch;
  if (!tags) return {};
  const had = before.tags ?? [];
  return {
    tags_add: tags.filter((tag) => !had.includes(tag)),
    tags_remove: had.filter((tag) => !tags.includes(tag)),
  };
}

function patchBody(change: Patch): Schema["TaskPatch"] {
  const { tags: _, ...fields } = change.patch;
  return { ...fields, ...tagChanges(change) };
}

/** Whether a task is as the patch would make it. */
function arrived(theirs: Task, change: Patch): boolean {
  const { tags_add: added = [], tags_remove: removed = [] } = tagChanges(change);
  const has = (tag: string) => hasName(theirs.tags, tag);
  return (
    fieldsOf(change).every((field) => same(theirs[field], change.patch[field])) &&
    added.every(has) &&
    !removed.some(has)
  );
}

/** The fields of a patch in which another device may be in conflict. Tags are merged. */
function fieldsOf({ patch }: Patch) {
  return (Object.keys(patch) as (keyof typeof patch)[]).filter((field) => field !== "tags");
}

/**
 * Patches a task if it still has the version that the user saw. If other fields were changed elsewhere, both changes
 * are kept; if the same ones were, the user decides.
 */
async function patch(op: Op, change: Patch, version: number | null): Promise<Outcome> {
  for (let ifMatch = version; ;) {
    try {
      const options = { ...traced(op), ...(ifMatch === null ? {} : { ifMatch }) };
      return one(await api.patch<Task>(path(change.id, change.scope), patchBody(change), options));
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) throw error;
      const theirs = await api.get<Task>(path(change.id));
      if (arrived(theirs, change)) return one(theirs); // it had arrived after all
      if (!fieldsOf(change).every((f) => same(theirs[f], change.before[f]))) throw new Conflict(op, theirs);
      ifMatch = theirs.version;
    }
  }
}

/** Whether two values of a field are equal; times may be written differently. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (
    typeof a === "string" &&
    typeof b === "string" &&
    /^\d{4}-\d\d-\d\dT/.test(a) &&
    /^\d{4}-\d\d-\d\dT/.test(b)
  ) {
    return Date.parse(a) === Date.parse(b);
  }
  return JSON.stringify(a) === JSON.stringify(b);
}
