import { startOfDay } from "@/lib/time/days";

/** The days that a calendar shows for a month: whole weeks that start on a given day (0 is Sunday). */
export function monthDays(month: Date, weekStart: number): Date[] {
  const first = new Date(month.getFullYear(), month.getMonth(), 1);
  const before = (first.getDay() - weekStart + 7) % 7;
  const length = new Date(month.getFullYear(), month.getMonth() + 1, 0).getDate();
  const shown = Math.ceil((before + length) / 7) * 7;
  return Array.from({ length: shown }, (_, i) => startOfDay(first, i - before));
}

/** The same day of another month, or its last day if it is shorter. */
export function inMonths(day: Date, by: number): Date {
  const length = new Date(day.getFullYear(), day.getMonth() + by + 1, 0).getDate();
  return new Date(day.getFullYear(), day.getMonth() + by, Math.min(day.getDate(), length));
}
