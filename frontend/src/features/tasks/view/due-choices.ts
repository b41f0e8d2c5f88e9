import { today, tomorrow } from "@/messages/common";
import * as words from "@/messages/dueChoices";
import { startOfDay } from "@/lib/time/days";
import { atMoment, type Due, dueTime, onDay } from "./due";

/** A day at a time of day. */
export function at(day: Date, hour: number, minute = 0): Date {
  const time = new Date(day);
  time.setHours(hour, minute, 0, 0);
  return time;
}

/** The due date of a task that is moved to a day: it keeps its time of day, if it has one. */
export function movedTo(due: Due, day: Date | null): Due {
  const time = due.due_at === null ? null : dueTime(due);
  if (day === null || time === null) return onDay(day);
  const was = new Date(time);
  return atMoment(at(day, was.getHours(), was.getMinutes()));
}

/** The most common due dates. */
export function dueChoices(now: Date): { label: string; day: Date | null }[] {
  const days = (n: number) => startOfDay(now, n);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { label: today(), day: days(0) },
    { label: tomorrow(), day: days(1) },
    { label: words.inTwoDays(), day: days(2) },
    { label: words.nextMonday(), day: days(toMonday) },
    { label: words.inAWeek(), day: days(7) },
    { label: words.noDate(), day: null },
  ];
}
