import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import { uuidv7 } from "@/lib/uuid";
import { type Change, maxBatch, type TaskChange } from "./outbox/op";
import { type EditScope, needsScope, seriesQuestions } from "./series-question";
import { taskStore } from "./store";
import type { NewTask, Task, TaskPatch } from "./task";
import { nameAmong, sameName } from "./view/search";
import * as words from "@/messages/seriesQuestion";

/** Creates a task, before all others unless a position is given. */
export function createTask(task: NewTask): string {
  const id = uuidv7();
  const position = task.position ?? firstPosition();
  taskStore.change({ kind: "create", id, task: { ...task, position } });
  return id;
}

/** Keeps a task that the server would refuse. */
export function keepTask(task: NewTask, reason: string): void {
  const position = task.position ?? firstPosition();
  taskStore.keep({ kind: "create", id: uuidv7(), task: { ...task, position } }, reason);
}

/**
 * Changes a task; `seen` is the task that the change is based on, if not the latest. Without a scope, the user is asked for
 * it where it matters; a text is kept if the question is closed.
 */
export function patchTask(id: string, patch: TaskPatch, seen?: Task, scope?: EditScope): void {
  const task = seen ?? taskStore.get(id);
  const change = task && patchOf(task, patch);
  if (!change) return;
  if (!scope && needsScope(task, change.patch)) {
    const keep = () => taskStore.keep(change, words.undecided());
    const typed = change.patch.title !== undefined || change.patch.description !== undefined;
    seriesQuestions.askEdit([task], (answer) => patchTask(id, patch, seen, answer), typed ? keep : undefined);
    return;
  }
  taskStore.change(scope ? { ...change, scope } : change, seen ? { basedOn: seen } : {});
}

/** Changes many tasks in batches of a hundred; each batch succeeds or fails as a whole. */
export function changeMany(changes: TaskChange[]): void {
  const batches: Change[] = [];
  for (let i = 0; i < changes.length; i += maxBatch) {
    const some = changes.slice(i, i + maxBatch);
    const [only] = some;
    batches.push(some.length === 1 && only ? only : { kind: "batch", changes: some });
  }
  taskStore.changeAll(batches);
}

/**
 * The patch without the fields that would not change: another spelling of a name that the task has is none, since the server makes no
 * event of it, which an undo would look for. A task that leaves its project leaves its section.
 */
export function patchOf(task: Task, given: TaskPatch): Extract<TaskChange, { kind: "patch" }> | null {
  const patch = spelledAsIn(task, given);
  const leaves = task.section && patch.project !== undefined && patch.project !== task.project;
  if (leaves) patch.section = given.section ?? null;
  const changed: Record<string, unknown> = {};
  const before: Record<string, unknown> = {};
  for (const field of Object.keys(patch) as (keyof TaskPatch)[]) {
    const stays = !(leaves && field === "section"); // one of the same name is in another project
    if (stays && JSON.stringify(task[field]) === JSON.stringify(patch[field])) continue;
    changed[field] = patch[field];
    before[field] = task[field];
  }
  return Object.keys(changed).length === 0 ? null : { kind: "patch", id: task.id, patch: changed, before };
}

/** A patch with the names that the task already has in its own spelling, each tag once. */
function spelledAsIn(task: Task, patch: TaskPatch): TaskPatch {
  const spelled = { ...patch };
  for (const field of ["project", "section"] as const) {
    const [now, name] = [task[field], patch[field]];
    if (now && name && sameName(now, name)) spelled[field] = now;
  }
  if (patch.tags) spelled.tags = [...new Set(patch.tags.map((tag) => nameAmong(task.tags, tag) ?? tag))];
  return spelled;
}

/** A position before every task. */
function firstPosition(): string {
  let first: string | null = null;
  for (const { position } of taskStore.snapshot.tasks.values()) {
    if (first === null || position < first) first = position;
  }
  return between(null, first);
}

/** A position between two others. */
export function between(before: string | null, after: string | null): string {
  try {
    return generateKeyBetween(before, after);
  } catch {
    // Two tasks can have the same position if two devices create them: a position after both is acceptable.
    return generateKeyBetween(before, null);
  }
}

export function manyBetween(before: string | null, after: string | null, n: number): string[] {
  try {
    return generateNKeysBetween(before, after, n);
  } catch {
    return generateNKeysBetween(before, null, n);
  }
}
