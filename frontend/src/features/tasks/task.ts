export const priorities = ["none", "low", "medium", "high", "urgent"] as const;
export type Priority = (typeof priorities)[number];

export interface Recurrence {
  rrule: string;
  mode: "schedule" | "completion";
}

/** A task, as the API tells it. */
export interface Task {
  id: string;
  title: string;
  description: string;
  completed: boolean;
  completed_at: string | null;
  priority: Priority;
  project: string | null;
  tags: string[];
  due_at: string | null;
  timezone: string | null;
  reminders: string[];
  recurrence: Recurrence | null;
  series_id: string | null;
  occurrence: string | null;
  parent_id: string | null;
  position: string;
  version: number;
  created_at: string;
  updated_at: string;
}

/** What a user can write of a task. */
export type TaskFields = Pick<
  Task,
  | "title"
  | "description"
  | "priority"
  | "project"
  | "tags"
  | "due_at"
  | "timezone"
  | "reminders"
  | "recurrence"
  | "parent_id"
  | "position"
>;

export type TaskPatch = Partial<TaskFields>;

/** A task that is about to be made. */
export type NewTask = TaskPatch & Pick<Task, "title">;

/** The time zone of this browser. */
export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
