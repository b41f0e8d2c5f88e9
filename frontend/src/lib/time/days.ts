/** The start of a local day, some days after that of `at`. */
export function startOfDay(at: number | Date, days = 0): Date {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() + days);
  return day;
}

/** The number of local days from a to b. Days with 23 or 25 hours count as one. */
export function daysBetween(a: number | Date, b: number | Date): number {
  return Math.round((startOfDay(b).getTime() - startOfDay(a).getTime()) / 86_400_000);
}

const formats = {
  time: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }),
  weekday: new Intl.DateTimeFormat(undefined, { weekday: "long" }),
  short: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }),
  shortYear: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" }),
  long: new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" }),
  date: new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
  }),
  full: new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" }),
};

export const formatTime = (at: Date) => formats.time.format(at);
export const formatDate = (at: Date) => formats.date.format(at);
export const formatFull = (at: Date) => formats.full.format(at);

/** A day in words: Today, Tomorrow, Friday, 3 Mar. */
export function formatDay(at: Date, now: number): string {
  const days = daysBetween(now, at);
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  if (days > 1 && days < 7) return formats.weekday.format(at);
  return at.getFullYear() === new Date(now).getFullYear()
    ? formats.short.format(at)
    : formats.shortYear.format(at);
}

/** The heading of a day: the result of formatDay, with the date. */
export function formatDayHeading(at: Date, now: number): string {
  const days = daysBetween(now, at);
  const date = formats.long.format(at);
  if (days === 0) return `Today · ${date}`;
  if (days === 1) return `Tomorrow · ${date}`;
  return at.getFullYear() === new Date(now).getFullYear() ? date : `${date} ${at.getFullYear()}`;
}
