import { startOfDay } from "@/lib/time/days";

/** A day at a time of day. */
export function at(day: Date, hour: number, minute = 0): Date {
  const time = new Date(day);
  time.setHours(hour, minute, 0, 0);
  return time;
}

/** The most common due dates. */
export function dueChoices(now: Date): { label: string; day: Date | null }[] {
  const days = (n: number) => startOfDay(now, n);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { label: "Today", day: days(0) },
    { label: "Tomorrow", day: days(1) },
    { label: "In two days", day: days(2) },
    { label: "Next Monday", day: days(toMonday) },
    { label: "In a week", day: days(7) },
    { label: "No date", day: null },
  ];
}
