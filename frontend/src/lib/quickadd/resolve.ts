import { instantOf, wallTime } from "@/lib/time/zone";
import type { DayWord, TimeWord } from "./atom";
import { addMonths, date, dateOf, type Day, days, isoDate, weekdayOf, within } from "./day";
import type { Meaning } from "./meaning";

/** When the text is read, and where. */
export interface Clock {
  /** To the second. */
  now: Date;
  zone: string;
  today: Day;
}

export function clockOf(now: Date, zone: string): Clock {
  const second = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return { now: second, zone, today: Math.floor(wallTime(second, zone).getTime() / 86_400_000) };
}

/** A day without a time, or a moment. */
export interface When {
  dueDate?: string;
  dueAt?: Date;
}

/** The due of a task that does not recur; null if there is none. */
export function single(clock: Clock, { start, time, days }: Meaning): When | null {
  const named = start ? [...days, start] : [...days];
  if (time?.today || (time?.weakToday && !named.length)) named.push({ form: "fixed", fixed: clock.today });
  if (named.length) {
    const day = oneDay(clock, named);
    if (day === null) return null;
    const coming = time?.small && day === clock.today && isPast(clock, day, time);
    return due(clock, coming ? day + 1 : day, time);
  }
  return due(clock, isPast(clock, clock.today, time) ? clock.today + 1 : clock.today, time);
}

/** The day that all words name. Beside a date, the name of a day only has to be true. */
export function oneDay(clock: Clock, named: readonly DayWord[]): Day | null {
  const first = named.find(({ form }) => form !== "weekday") ?? named[0]!;
  const start = nextDay(first, clock.today);
  if (start === null) return null;
  const isWeek = first.form === "fixed" && first.week;
  const inWeek = named.find(({ form }) => isWeek && form === "weekday")?.weekday;
  // "friday" and "next week"
  const day = inWeek === undefined ? start : start + ((inWeek - weekdayOf(start) + 7) % 7);
  const agree = named.every((word) => {
    if (word.form === "weekday" && first.form !== "weekday") return word.weekday === weekdayOf(day);
    const other = nextDay(word, clock.today);
    if (word.form === "fixed" && word.week) return other !== null && day >= other && day < other + 7;
    return other === day;
  });
  return agree ? day : null;
}

/** The day that is meant from a given day on. */
export function nextDay(word: DayWord, from: Day): Day | null {
  const found = next(word, from);
  return found === null || (word.weekday !== undefined && weekdayOf(found) !== word.weekday) ? null : found;
}

function next(word: DayWord, from: Day): Day | null {
  const [year, month] = date(from);
  switch (word.form) {
    case "weekday":
      return within(from, ((word.weekday - weekdayOf(from) + 6) % 7) + 1);
    case "month day":
      for (let n = 0; n < 12; n++) {
        const first = addMonths(days(year, month, 1), n);
        if (first === null) return null;
        const [y, m] = date(first);
        const found = dateOf(y, m, word.dom);
        if (found !== null && found >= from) return found;
      }
      return null;
    case "year day":
      // 29 February comes after eight years at the latest.
      for (let y = year; y <= year + 8; y++) {
        const found = dateOf(y, word.month, word.dom);
        if (found !== null && found >= from) return found;
      }
      return null;
    case "fixed":
      return word.fixed;
  }
}

/** A day, or a time on it. */
export function due(clock: Clock, day: Day, time: TimeWord | undefined): When | null {
  if (!time) return { dueDate: isoDate(day) };
  const dueAt = at(clock, day, time);
  return dueAt && { dueAt };
}

/** A time on a day. Midnight is 00:00 of the day after. */
function at({ zone }: Clock, day: Day, time: TimeWord): Date | null {
  const the = time.form === "midnight" ? day + 1 : day;
  if (date(the)[0] > 9999) return null;
  return instantOf(new Date(((the * 24 + time.hour) * 60 + time.minute) * 60_000), zone);
}

/** Whether a day, or the time on it, is over. Today is not; the time that it is now is. */
export function isPast(clock: Clock, day: Day, time: TimeWord | undefined): boolean {
  if (!time || Math.abs(day - clock.today) > 2) return day < clock.today; // whatever the zone
  const moment = at(clock, day, time);
  return moment !== null && moment <= clock.now;
}
