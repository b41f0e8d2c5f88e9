import { startOfDay } from "@/lib/time/days";

/** The default time of day for a day without a time. */
export const morning = 9;

/** A day at a time of day. */
export function at(day: Date, hour: number, minute = 0): Date {
  const time = new Date(day);
  time.setHours(hour, minute, 0, 0);
  return time;
}

/** Today without a time: this evening, or the end of the day if it is already later. */
export function laterToday(now: Date): Date {
  const evening = at(now, 18);
  return evening > now ? evening : at(now, 23, 59);
}

/** The most common due dates. */
export function dueChoices(now: Date): { label: string; at: Date | null }[] {
  const days = (n: number) => at(startOfDay(now, n), morning);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { label: "Today", at: laterToday(now) },
    { label: "Tomorrow", at: days(1) },
    { label: "In two days", at: days(2) },
    { label: "Next Monday", at: days(toMonday) },
    { label: "In a week", at: days(7) },
    { label: "No date", at: null },
  ];
}
