import { formatDay, formatDayAndTime, startOfDay } from "@/lib/time/days";
import { onZoneChange } from "@/lib/time/device-zone";
import type { Task } from "../task";

/** A task is due at a moment, on a day, or not at all. */
export type Due = Pick<Task, "due_at" | "due_date">;

/** The start of a day such as 2026-12-01, here. */
export function dayOf(date: string): Date {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const start = new Date(year, month - 1, day);
  start.setFullYear(year); // the constructor takes the years 0 to 99 for 1900 to 1999
  return start;
}

const pad = (n: number, width = 2) => String(n).padStart(width, "0");

/** The day of a time here, such as 2026-12-01. */
export const dateOf = (at: Date): string =>
  `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;

/** The due date of a task on a day, or none. */
export const onDay = (day: Date | null): Due => ({ due_at: null, due_date: day && dateOf(day) });

/** The due date of a task at a moment. */
export const atMoment = (time: Date): Due => ({ due_at: time.toISOString(), due_date: null });

const times = new Map<string, number>();
onZoneChange(() => times.clear());

/** When a task counts as due: on a day when it begins. Cached, because sorting needs it repeatedly. */
export function dueTime({ due_at, due_date }: Due): number | null {
  const text = due_at ?? due_date;
  if (text === null) return null;
  let at = times.get(text);
  if (at === undefined) {
    if (times.size > 50_000) times.clear();
    times.set(text, (at = due_at ? Date.parse(text) : dayOf(text).getTime()));
  }
  return at;
}

/** A task is overdue from the moment when it is due, or from midnight after its day. */
export function isOverdue(due: Due, now: number): boolean {
  const at = dueTime(due);
  return at !== null && (due.due_date ? at < startOfDay(now).getTime() : at < now);
}

/** Whether a task is overdue, or was completed after the day when it was due: what is completed is never late. */
export function lateness(task: Due & Pick<Task, "completed">, now: number): "overdue" | "earlier" | null {
  if (!task.completed) return isOverdue(task, now) ? "overdue" : null;
  const at = dueTime(task);
  return at !== null && at < startOfDay(now).getTime() ? "earlier" : null;
}

/** A due date in words: "Tomorrow, 09:00", and "Tomorrow" for a day. */
export function describeDue(due: Due, now: number): string | null {
  const at = dueTime(due);
  if (at === null) return null;
  const time = new Date(at);
  return due.due_date ? formatDay(time, now) : formatDayAndTime(time, now);
}
