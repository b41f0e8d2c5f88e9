import type { Task } from "@/features/tasks/task";

let made = 0;

/** A task with default values, except the given ones. */
export function makeTask(fields: Partial<Task> = {}): Task {
  made++;
  return {
    id: `task-${made}`,
    title: `Task ${made}`,
    description: "",
    completed: false,
    completed_at: null,
    priority: "none",
    project: null,
    section: null,
    tags: [],
    due_at: null,
    due_date: null,
    timezone: null,
    reminders: null,
    overdue_reminders: null,
    recurrence: null,
    series_id: null,
    occurrence: null,
    series: null,
    parent_id: null,
    position: `a${made}`,
    version: 1,
    created_at: "2026-11-23T12:00:00Z",
    updated_at: "2026-11-23T12:00:00Z",
    ...fields,
  };
}

export const mapOf = (...tasks: Task[]) => new Map(tasks.map((task) => [task.id, task]));
