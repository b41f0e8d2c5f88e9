import type { Atom, DayWord, Need } from "./atom";
import { dateOf } from "./day";
import {
  before,
  blocked,
  blockedWeekday,
  listedAt,
  numberedOrdinal,
  type Phrase,
  skip,
  wordAt,
} from "./phrase";
import { dateOfNextMonth, dayOfTheMonth, endOf, fixed, type Found, nextDay, relativeDay } from "./relative";
import { months, ordinals, weekdays, weekdaysThatAreWords } from "./words";

const iso = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
export const slashed = /^([0-9]{1,2})\/([0-9]{1,2})(?:\/([0-9]{4}|[0-9]{2}))?$/;
export const dotted = /^([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2}))?$/;
const dayNumber = /^([0-9]{1,2})(?:st|nd|rd|th)?$/;
const yearNumber = /^20[0-9]{2}$/;
const dayRange = /^([0-9]{1,2})[-–—]([0-9]{1,2})$/;
const weekdayPair = /^([a-z]+)[-–—]([a-z]+)$/;

/** Reads a day or a range of days that is due: "by friday", "on the 15th", "1-5 december". */
export function readDay(p: Phrase, i: number): Atom | null {
  let j = skip(p, i, i, "due");
  j = skip(p, i, j, "on", "by", "for");
  if (endOf(p, i, j + 1)) j = skip(p, i, j, "at");
  const atom = dayAtom(p, i, j);
  if (!atom || (j === i && blockedWeekday(p, i))) return null;
  return { ...atom, blocked: blocked(p, i) };
}

/** Reads the day or range of days at j for an atom that begins at i, with a preposition if j > i. */
export function dayAtom(p: Phrase, i: number, j: number): Atom | null {
  const two = daysOfMonth(p, i, j);
  if (two) return two;
  const named = day(p, i, j);
  const found = named ?? numericDateAmid(p, i, skip(p, i, j, "the"));
  if (!found) return null;
  let needs = found.needs ?? [];
  if (named && j > i) needs = needs.filter((need) => !["end", "beginning", "near due"].includes(need));
  const atom: Atom = { from: i, to: found.to, kind: "due", day: found.day, needs };
  const after = skip(p, i, found.to, ...untilWords);
  if (after > found.to) {
    const last = day(p, i, after);
    if (last && !last.needs?.includes("near due")) return { ...atom, end: last.day, to: last.to };
  }
  return atom;
}

/** The words between the ends of a range of days. */
const untilWords = ["-", "–", "—", "to", "until", "till", "through"];

/**
 * Reads two days that name their month together: "5 to 7 december" and "dec 5-7", or what no task can be: "5 and 7 december",
 * "28 to 3 january".
 */
function daysOfMonth(p: Phrase, i: number, j: number): Atom | null {
  const monthFirst = months[wordAt(p, i, j)];
  let k = skip(p, i, monthFirst ? j + 1 : j, "the");
  let [, first, last] = (dayRange.exec(wordAt(p, i, k)) ?? []).map(Number);
  let another = false;
  if (first === undefined) {
    let next = skip(p, i, k + 1, ...untilWords);
    another = next === k + 1;
    if (another) next = skip(p, i, next, "and", "or", "&");
    const end = skip(p, i, next, "the");
    if (next === k + 1 || (monthFirst && wordAt(p, i, end + 1))) return null; // "december 5 to 7 guests"
    [first, last] = [dayOfMonth(wordAt(p, i, k)), dayOfMonth(wordAt(p, i, end))];
    k = end;
  }
  const at = monthFirst ? k : skip(p, i, k + 1, "of");
  const month = monthFirst ?? months[wordAt(p, i, at)];
  if (!first || !last || !month) return null;
  const found = withYear(p, i, at + 1, month, last);
  if (!found) return null;
  const start =
    found.day.form === "fixed"
      ? { ...found.day, fixed: found.day.fixed - (last - first) }
      : { ...found.day, dom: first };
  return {
    from: i,
    to: found.to,
    kind: "due",
    day: start as DayWord,
    end: found.day,
    another: another || first >= last,
  };
}

/** Reads one day at j. */
export const day = (p: Phrase, i: number, j: number): Found | null =>
  relativeDay(p, i, j) ??
  nextDay(p, i, j) ??
  endOf(p, i, j) ??
  dateOfNextMonth(p, i, j) ??
  dayOfTheMonth(p, i, j) ??
  date(p, i, j) ??
  weekdayAndDate(p, i, j) ??
  weekdayRange(p, i, j) ??
  loneWeekday(p, i, j) ??
  loneOrdinal(p, i, j) ??
  numericDate(p, i, skip(p, i, j, "the"));

/** Reads a date that names its month: "2026-12-24", "24 december 2026", "dec 24th", "the 24th of december". */
export function date(p: Phrase, i: number, j: number): Found | null {
  const word = wordAt(p, i, j);
  const match = iso.exec(word);
  if (match) return fixed(dateOf(Number(match[1]), Number(match[2]), Number(match[3])), j + 1);
  const named = months[word];
  if (named) {
    const k = skip(p, i, j + 1, "the");
    const dom = dayOfMonth(wordAt(p, i, k));
    return dom === undefined ? null : withYear(p, i, k + 1, named, dom);
  }
  let k = skip(p, i, j, "the");
  const dom = dayOfMonth(wordAt(p, i, k)) ?? ordinals[wordAt(p, i, k)];
  k = skip(p, i, k + 1, "of");
  const month = months[wordAt(p, i, k)];
  return dom === undefined || !month ? null : withYear(p, i, k + 1, month, dom);
}

/** Reads 24 and 24th. */
function dayOfMonth(word: string): number | undefined {
  const match = dayNumber.exec(word);
  return match ? Number(match[1]) : undefined;
}

/** Reads the year of a date, if it is there; a comma may stand before it: "dec 24, 2026". */
function withYear(p: Phrase, i: number, k: number, month: number, dom: number): Found | null {
  const word = listedAt(p, i, k);
  if (yearNumber.test(word)) return fixed(dateOf(Number(word), month, dom), k + 1);
  return yearless(month, dom, k);
}

/** A date that is the next such one. */
const yearless = (month: number, dom: number, to: number): Found | null =>
  dateOf(2000, month, dom) === null ? null : { day: { form: "year day", month, dom }, to };

/** Reads "friday, 27 november", "friday the 27th" and "friday, the 27/11": a date that names its weekday too. */
function weekdayAndDate(p: Phrase, i: number, j: number): Found | null {
  const weekday = weekdays[wordAt(p, i, j)];
  if (weekday === undefined || j + 1 >= p.tokens.length || !["", ","].includes(p.tokens[j]!.trail))
    return null;
  const the = skip(p, j + 1, j + 1, "the");
  const found =
    date(p, j + 1, j + 1) ??
    (the > j + 1 ? loneOrdinal(p, j + 1, j + 1) : null) ??
    numericDate(p, j + 1, the);
  return found && { day: { ...found.day, weekday }, to: found.to };
}

/** Reads "mon-wed": a range in one word, which counts by its start. */
function weekdayRange(p: Phrase, i: number, j: number): Found | null {
  const range = weekdaysIn(wordAt(p, i, j));
  return range && { day: { form: "weekday", weekday: range[0] }, to: j + 1 };
}

/** Reads "mon-fri". */
export function weekdaysIn(word: string): [number, number] | null {
  const match = weekdayPair.exec(word);
  const [from, to] = [weekdays[match?.[1] ?? ""], weekdays[match?.[2] ?? ""]];
  return from === undefined || to === undefined ? null : [from, to];
}

/** Reads "friday". "sun" and "sat" are common words, and need a due beside them or the end of the text. */
function loneWeekday(p: Phrase, i: number, j: number): Found | null {
  const word = wordAt(p, i, j);
  const weekday = weekdays[word];
  if (weekday === undefined) return null;
  const after = [wordAt(p, i, j + 1), wordAt(p, i, j + 2)];
  if (after[0] === "week" || after.join(" ") === "after next") return null; // the one a week later
  const needs: Need[] = [];
  if (weekdaysThatAreWords.includes(word) && !amongWeekdays(p, j)) {
    needs.push("near due");
    if (before(p, j) !== "the") needs.push("end");
  }
  return { day: { form: "weekday", weekday }, to: j + 1, needs };
}

/** Whether "and" or "or" joins the word to the name of a day: "sat and sun". */
function amongWeekdays(p: Phrase, j: number): boolean {
  const and = (word: string) => ["and", "or", "&"].includes(word);
  if (and(wordAt(p, j, j + 1)) && weekdays[wordAt(p, j, j + 2)] !== undefined) return true;
  return j >= 2 && and(before(p, j)) && weekdays[before(p, j - 1)] !== undefined;
}

/** Reads "the 15th", and "15th" where nothing follows that it could count. */
function loneOrdinal(p: Phrase, i: number, j: number): Found | null {
  const k = skip(p, i, j, "the");
  const dom = numberedOrdinal(wordAt(p, i, k));
  if (!dom || dom > 31) return null;
  const needs: Need[] = ["end"];
  if (p.tokens[k]?.trail) needs.push("beginning"); // "15th: call the bank"
  return { day: { form: "month day", dom }, to: k + 1, needs };
}

const beforeNumeric = ["on", "by", "due", "until", "till", "from", "starting"];
const inRange = ["to", "through", "-", "–", "—"];

/**
 * Reads 24/12 and 24.12., which may be fractions, scores or versions: they count at the very end of the text, and right
 * after a word that a date follows.
 */
export function numericDate(p: Phrase, i: number, j: number): Found | null {
  const found = figures(p, i, j);
  if (!found) return null;
  const follows =
    beforeNumeric.includes(before(p, j)) ||
    (j > i && inRange.includes(before(p, j))) ||
    (afterWeekday(p, j) && (before(p, j) === "the" || !wordAt(p, i, j).includes("/")));
  const end = skip(p, i, j + 1, ...untilWords);
  const begins = end > j + 1 && end + 1 === p.tokens.length && slashed.test(wordAt(p, i, end)); // "sale 1/12 - 24/12"
  return follows || begins || j + 1 === p.tokens.length ? found : null;
}

/**
 * Reads such a date where other parts follow. With its year it is a date if nothing else follows them. 24.12. may be a
 * version all the same, and is a date if it would be the only one: "Zahnarzt 24.12. um 9 Uhr". 24/12 is none: it may be a
 * fraction.
 */
function numericDateAmid(p: Phrase, i: number, j: number): Found | null {
  const found = figures(p, i, j);
  if (found?.day.form !== "year day") return found && { ...found, needs: ["end"] };
  return wordAt(p, i, j).includes("/") ? null : { ...found, needs: ["time behind"] };
}

/** Reads 24/12, 24/12/2026, 24.12. and 24.12.2026. */
function figures(p: Phrase, i: number, j: number): Found | null {
  const word = wordAt(p, i, j);
  let match = slashed.exec(word);
  const american = match !== null && p.locale === "en-US";
  if (!match) {
    match = dotted.exec(word);
    // Without a year it ends with a point: 24.12 is a number.
    if (!match || (!match[3] && !p.tokens[j]!.trail.startsWith("."))) return null;
  }
  let [dom, month] = [Number(match[1]), Number(match[2])];
  if (american) [dom, month] = [month, dom];
  if (!match[3]) return yearless(month, dom, j + 1);
  const year = Number(match[3]) + (match[3].length === 2 ? 2000 : 0);
  return fixed(dateOf(year, month, dom), j + 1);
}

/** Whether the name of a day, and perhaps "the", is before a date. */
function afterWeekday(p: Phrase, j: number): boolean {
  const day = p.tokens[before(p, j) === "the" ? j - 2 : j - 1];
  return day !== undefined && ["", ","].includes(day.trail) && weekdays[day.word] !== undefined;
}
