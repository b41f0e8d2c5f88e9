import type { DayWord, Need } from "./atom";
import { addMonths, date as dateOfDay, dateOf, type Day, days, monthLength, weekdayOf, within } from "./day";
import { inMonth, ofMonth } from "./every";
import { ordinal, type Phrase, skip, wordAt } from "./phrase";
import { several } from "./rule";
import { matches } from "./series";
import { weekdays } from "./words";

/** A day that was read, and the index after it. */
export interface Found {
  day: DayWord;
  to: number;
  needs?: Need[];
}

export const fixed = (day: Day | null, to: number): Found | null =>
  day === null ? null : { day: { form: "fixed", fixed: day }, to };

/** Reads today, tomorrow and the day after it. */
export function relativeDay(p: Phrase, i: number, j: number): Found | null {
  const word = wordAt(p, i, j);
  if (word === "today") return fixed(p.today, j + 1);
  if (word === "tomorrow") return fixed(within(p.today, 1), j + 1);
  const k = skip(p, i, j, "the");
  const is = ["day", "after", "tomorrow"].every((said, n) => wordAt(p, i, k + n) === said);
  return is ? fixed(within(p.today, 2), k + 3) : null;
}

/** The first day of the week of a day. */
const week = (p: Phrase, day: Day): Day => day - ((weekdayOf(day) - p.weekStart + 7) % 7);

/** A weekday of next week. */
const nextWeek = (p: Phrase, weekday: number): Day | null =>
  within(week(p, p.today), 7 + ((weekday - p.weekStart + 7) % 7));

/** Reads "next week", "next friday", "friday next week", "this weekend" and "this friday". */
export function nextDay(p: Phrase, i: number, j: number): Found | null {
  const word = wordAt(p, i, j);
  switch (word) {
    case "next":
      return afterNext(p, i, j);
    case "this":
    case "coming":
    case "the":
    case "at": {
      let k = j + 1;
      if (word === "this") k = skip(p, i, k, "coming");
      if (word === "at") k = skip(p, i, k, "the");
      const weekday = weekdays[wordAt(p, i, k)];
      if (weekday !== undefined && (word === "this" || word === "coming")) {
        return { day: { form: "weekday", weekday }, to: k + 1 };
      }
      const isNamed = word === "this" || k === j + 2 || (j > i && word === "the");
      return wordAt(p, i, k) === "weekend" && isNamed ? fixed(weekend(p), k + 1) : null;
    }
    default: {
      const weekday = weekdays[word];
      const k = skip(p, i, j + 1, "of");
      if (weekday === undefined || wordAt(p, i, k) !== "next" || wordAt(p, i, k + 1) !== "week") return null;
      return fixed(nextWeek(p, weekday), k + 2);
    }
  }
}

function afterNext(p: Phrase, i: number, j: number): Found | null {
  const [year, month] = dateOfDay(p.today);
  const next = wordAt(p, i, j + 1);
  const weekday = weekdays[next];
  if (weekday !== undefined) return fixed(nextWeek(p, weekday), j + 2);
  switch (next) {
    case "week": {
      const k = skip(p, i, j + 2, "on");
      const weekday = weekdays[wordAt(p, i, k)];
      if (weekday !== undefined) return fixed(nextWeek(p, weekday), k + 1);
      const first = nextWeek(p, p.weekStart);
      return first === null ? null : { day: { form: "fixed", fixed: first, week: true }, to: j + 2 };
    }
    case "weekend":
      return fixed(nextWeek(p, 5), j + 2);
    case "month":
      return fixed(addMonths(days(year, month, 1), 1), j + 2);
    case "year":
      return fixed(dateOf(year + 1, 1, 1), j + 2);
    default:
      return null;
  }
}

/** The coming Saturday; on a weekend it is today. */
const weekend = (p: Phrase): Day | null =>
  weekdayOf(p.today) >= 5 ? p.today : within(p.today, 5 - weekdayOf(p.today));

/** Reads "end of month" and "the end of next week". */
export function endOf(p: Phrase, i: number, j: number): Found | null {
  let k = skip(p, i, j, "the");
  if (wordAt(p, i, k) === "last" && wordAt(p, i, k + 1) === "day" && wordAt(p, i, k + 2) === "of") k++;
  else if (wordAt(p, i, k) !== "end" || wordAt(p, i, k + 1) !== "of") return null;
  k = skip(p, i, k + 2, "the", "this", "next");
  const next = wordAt(p, i, k - 1) === "next" ? 1 : 0;
  const [year, month] = dateOfDay(p.today);
  switch (wordAt(p, i, k)) {
    case "week":
      return fixed(within(week(p, p.today), 7 * next + 6), k + 1);
    case "month": {
      const first = addMonths(days(year, month, 1), next);
      if (first === null) return null;
      const [y, m] = dateOfDay(first);
      return fixed(days(y, m, monthLength(y, m)), k + 1);
    }
    case "year":
      return fixed(dateOf(year + next, 12, 31), k + 1);
    default:
      return null;
  }
}

/** Reads "the third tuesday of the month" and "the last friday of next month": the coming one. */
export function dayOfTheMonth(p: Phrase, i: number, j: number): Found | null {
  const found = inMonth(p, i, skip(p, i, j, "the"));
  if (!found || several(found[0])) return null;
  const [rule, k] = found;
  let to = ofMonth(p, i, k, "the", "this");
  let [from, last] = [p.today, p.today + 366];
  if (to === k) {
    to = ofMonth(p, i, k, "next");
    const [year, month] = dateOfDay(p.today);
    const first = addMonths(days(year, month, 1), 1);
    if (to === k || first === null) return null;
    const [y, m] = dateOfDay(first);
    [from, last] = [first, first + monthLength(y, m) - 1];
  }
  for (let d = from; d <= last; d++) if (matches(rule, d)) return fixed(within(d, 0), to);
  return null;
}

/** Reads "the 15th of next month". */
export function dateOfNextMonth(p: Phrase, i: number, j: number): Found | null {
  let k = skip(p, i, j, "the");
  const dom = ordinal(wordAt(p, i, k));
  k = skip(p, i, k + 1, "of");
  if (!dom || wordAt(p, i, k) !== "next" || wordAt(p, i, k + 1) !== "month") return null;
  const [year, month] = dateOfDay(p.today);
  const first = addMonths(days(year, month, 1), 1);
  if (first === null) return null;
  const [y, m] = dateOfDay(first);
  return fixed(dateOf(y, m, dom), k + 2);
}
