import type { Schema } from "@/lib/api/schema";

export type Priority = Schema["Priority"];
export const priorities = ["none", "low", "medium", "high", "urgent"] as const satisfies Priority[];
export type Recurrence = NonNullable<Schema["Recurrence"]>;
export type Task = Schema["Task"];

/** The writable fields of a task. */
export type TaskFields = Pick<
  Task,
  | "title"
  | "description"
  | "priority"
  | "project"
  | "section"
  | "tags"
  | "due_at"
  | "due_date"
  | "timezone"
  | "reminders"
  | "overdue_reminders"
  | "recurrence"
  | "parent_id"
  | "position"
>;

export type TaskPatch = Partial<TaskFields>;

/** A new task. */
export type NewTask = TaskPatch & Pick<Task, "title">;
