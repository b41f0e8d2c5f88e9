import { localZone } from "@/lib/time/zone";
import type { Task } from "../task";
import { type Effect, isRemoval, removedBy, subtrees } from "./effects";
import type { Op, TaskChange } from "./op";

/**
 * What the user sees: the tasks from the server with the unanswered changes applied. A rejected change is rolled back
 * by removing it from the outbox.
 */
export function project(base: ReadonlyMap<string, Task>, ops: readonly Op[]): ReadonlyMap<string, Task> {
  if (ops.length === 0) return base;
  const tasks = new Map(base);
  for (const { change, at } of ops) {
    switch (change.kind) {
      case "create":
        // The stream may deliver it before the response to its own request.
        if (!tasks.has(change.id)) tasks.set(change.id, draft(change.id, change.task, at));
        break;
      case "restore":
        for (const task of change.tasks) if (!tasks.has(task.id)) tasks.set(task.id, task);
        break;
      case "undo":
        for (const effect of change.effects) show(tasks, effect);
        break;
      case "comment":
        break;
      case "batch":
        remove(tasks, removedBy(change.changes));
        for (const one of change.changes) if (!isRemoval(one)) apply(tasks, one, at);
        break;
      default:
        apply(tasks, change, at);
    }
  }
  return tasks;
}

function apply(tasks: Map<string, Task>, change: TaskChange, at: number) {
  const task = tasks.get(change.id);
  if (!task) return;
  switch (change.kind) {
    case "patch":
      tasks.set(task.id, { ...task, ...change.patch });
      break;
    case "complete":
      if (task.completed === change.completed) break;
      tasks.set(task.id, {
        ...task,
        completed: change.completed,
        completed_at: change.completed ? new Date(at).toISOString() : null,
      });
      break;
    case "delete":
    case "skip":
      remove(tasks, [task.id]);
  }
}

/** Deletes tasks and their subtasks, as the server does. */
function remove(tasks: Map<string, Task>, ids: readonly string[]) {
  if (ids.length > 0) for (const task of subtrees(tasks, ids)) tasks.delete(task.id);
}

/** Gives a task the state after an effect. */
function show(tasks: Map<string, Task>, { id, after }: Effect) {
  const task = tasks.get(id);
  if (after === null) tasks.delete(id);
  else if (isWhole(after)) tasks.set(id, task ?? after);
  else if (task) tasks.set(id, { ...task, ...after });
}

const isWhole = (task: Partial<Task>): task is Task => task.id !== undefined;

export function draft(
  id: string,
  fields: Partial<Task> & { title: string; position: string },
  at: number,
): Task {
  const now = new Date(at).toISOString();
  return {
    description: "",
    completed: false,
    completed_at: null,
    priority: "none",
    project: null,
    section: null,
    tags: [],
    due_at: null,
    due_date: null,
    timezone: localZone(),
    reminders: null,
    overdue_reminders: null,
    recurrence: null,
    series_id: null,
    occurrence: null,
    series: null,
    parent_id: null,
    version: 0, // not yet created at the server
    created_at: now,
    updated_at: now,
    ...fields,
    id,
  };
}
