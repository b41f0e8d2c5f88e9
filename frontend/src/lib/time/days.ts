import { today, tomorrow, yesterday } from "@/messages/common";
import { dayAndTime, todayHeading, tomorrowHeading } from "@/messages/time";
import { sentence } from "@/lib/sentence";
import { perLocale } from "@/lib/words/per-locale";

/** The start of a local day, some days after that of `at`. */
export function startOfDay(at: number | Date, days = 0): Date {
  const day = new Date(at);
  // In this order: the hour of a day without a midnight would be kept.
  day.setDate(day.getDate() + days);
  day.setHours(0, 0, 0, 0);
  return day;
}

/** The number of local days from a to b. Days with 23 or 25 hours count as one. */
export function daysBetween(a: number | Date, b: number | Date): number {
  return Math.round((startOfDay(b).getTime() - startOfDay(a).getTime()) / 86_400_000);
}

/** How a time is written: 9:05 AM on a 12-hour clock, 09:05 on a 24-hour clock. */
export const timeForm = perLocale((tag): Intl.DateTimeFormatOptions => {
  const { hour12 } = new Intl.DateTimeFormat(tag, { hour: "numeric" }).resolvedOptions();
  return { hour: hour12 ? "numeric" : "2-digit", minute: "2-digit" };
});

const times = perLocale((tag) => new Intl.DateTimeFormat(tag, timeForm()));
export const formatTime = (at: Date): string => times().format(at);

const format = (options: Intl.DateTimeFormatOptions) => {
  const formats = perLocale((tag) => new Intl.DateTimeFormat(tag, options));
  return (at: Date): string => formats().format(at);
};

const short = format({ day: "numeric", month: "short" });
export const formatShortDate = format({ day: "numeric", month: "short", year: "numeric" });
const long = format({ weekday: "long", day: "numeric", month: "long" });
const longYear = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

export const formatWeekday = format({ weekday: "long" });
export const formatDate = format({ weekday: "short", day: "numeric", month: "long", year: "numeric" });
export const formatFull = format({ dateStyle: "full", timeStyle: "short" });

/** A day in words: Today, Tomorrow, Friday, 3 Mar. */
export function formatDay(at: Date, now: number): string {
  const days = daysBetween(now, at);
  if (days === 0) return today();
  if (days === 1) return tomorrow();
  if (days === -1) return yesterday();
  if (days > 1 && days < 7) return formatWeekday(at);
  return at.getFullYear() === new Date(now).getFullYear() ? short(at) : formatShortDate(at);
}

/** A moment in words: Tomorrow, 09:00. */
export const formatDayAndTime = (at: Date, now: number): string =>
  dayAndTime({ day: formatDay(at, now), time: formatTime(at) });

/** The heading of a day: the result of formatDay, with the date. */
export function formatDayHeading(at: Date, now: number): string {
  const days = daysBetween(now, at);
  if (days === 0) return todayHeading({ date: long(at) });
  if (days === 1) return tomorrowHeading({ date: long(at) });
  return sentence(at.getFullYear() === new Date(now).getFullYear() ? long(at) : longYear(at));
}

const month = format({ month: "long", year: "numeric" });

/** The heading of a month, which begins with a capital letter also where its name does not. */
export const formatMonthHeading = (at: Date): string => sentence(month(at));
