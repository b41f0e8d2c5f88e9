import { startOfDay } from "@/lib/time/days";
import type { Task } from "../task";
import { dateOf, dueTime } from "./due";
import { monthDays } from "./month";

export const spans = ["month", "week"] as const;
export type Span = (typeof spans)[number];

/** The days that a calendar shows: the weeks of a month, or one week. */
export function daysOf(span: Span, at: Date, weekStart: number): Date[] {
  if (span === "month") return monthDays(at, weekStart);
  const first = startOfDay(at, -((at.getDay() - weekStart + 7) % 7));
  return Array.from({ length: 7 }, (_, i) => startOfDay(first, i));
}

export interface Planned {
  /** The tasks of each day, by its date; those of a whole day first, then by time. */
  days: ReadonlyMap<string, readonly Task[]>;
  unscheduled: readonly Task[];
}

/** The tasks of a list by the day when they are due here. */
export function plan(tasks: readonly Task[]): Planned {
  const days = new Map<string, Task[]>();
  const unscheduled: Task[] = [];
  for (const task of tasks) {
    const due = dueTime(task);
    if (due === null) {
      unscheduled.push(task);
      continue;
    }
    const date = task.due_date ?? dateOf(new Date(due));
    const day = days.get(date);
    if (day) day.push(task);
    else days.set(date, [task]);
  }
  for (const day of days.values()) day.sort((a, b) => (dueTime(a) ?? 0) - (dueTime(b) ?? 0));
  return { days, unscheduled };
}
