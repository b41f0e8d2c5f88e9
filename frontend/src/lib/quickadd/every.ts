import type { Atom } from "./atom";
import { date, numericDate, weekdaysIn } from "./date";
import { before, listedAt, number, numberedOrdinal, ordinal, type Phrase, skip, wordAt } from "./phrase";
import { type Rule, ruleOf, several, weekly } from "./rule";
import {
  adverbs,
  calendar,
  dayGroups,
  months,
  times,
  type Unit,
  units,
  weekdayPlurals,
  weekdays as weekdayNames,
} from "./words";

/** A rule that was read, and the index after it. */
type Found = [rule: Rule, to: number];

/** Reads a repetition: "every 2 weeks on tuesday", "mondays and thursdays", "the last friday of every month". */
export function readRule(p: Phrase, i: number): Atom | null {
  const word = wordAt(p, i, i);
  let found: Found | null;
  if (["every", "every!", "each"].includes(word)) {
    found = every(p, i, i + 1);
    if (found && word === "every!") found[0].completion = true;
  } else {
    found = plural(p, i) ?? ofEveryMonth(p, i);
  }
  return found && { from: i, to: found[1], kind: "repeat", rule: found[0] };
}

/**
 * Reads "daily" or "monthly on the 15th". An adverb amid other words is one of theirs: "the weekly report". "Twice daily" is
 * no rule.
 */
export function readAdverb(p: Phrase, i: number): Atom | null {
  const adverb = adverbs[wordAt(p, i, i)];
  if (!adverb || ["twice", "times"].includes(before(p, i))) return null;
  const [rule, to] = on(p, i, i + 1, ruleOf(...adverb));
  return { from: i, to, kind: "repeat", rule, needs: to === i + 1 ? ["near due", "end", "beginning"] : [] };
}

/** Reads what follows "every". */
const every = (p: Phrase, i: number, j: number): Found | null =>
  everyOther(p, i, j) ??
  everyNumber(p, i, j) ??
  everyYearDay(p, i, j) ??
  everyOrdinal(p, i, j) ??
  everyWeekday(p, i, j) ??
  everyUnit(p, i, j) ??
  everyPartOfDay(p, i, j);

/** Reads "other day", "other weekend" and "other tuesday and friday". */
function everyOther(p: Phrase, i: number, j: number): Found | null {
  if (wordAt(p, i, j) !== "other") return null;
  const word = wordAt(p, i, j + 1);
  const unit = units[word];
  if (unit) return ofUnit(p, i, j + 2, 2, unit);
  if (word === "weekday" || word === "workday") return null; // every second weekday is no rule
  const [found, to] = weekdays(p, i, j + 1);
  return found.length ? [weekly(2, found), to] : null;
}

/** Reads "3 days" and "two weeks on friday". */
function everyNumber(p: Phrase, i: number, j: number): Found | null {
  const word = wordAt(p, i, j);
  const n = number(word);
  const unit = units[wordAt(p, i, j + 1)];
  return n && unit && word !== "a" && word !== "an" ? ofUnit(p, i, j + 2, n, unit) : null;
}

/** Reads "day" and "month on the 31st". */
function everyUnit(p: Phrase, i: number, j: number): Found | null {
  const unit = units[wordAt(p, i, j)];
  return unit && unit === wordAt(p, i, j) ? ofUnit(p, i, j + 1, 1, unit) : null;
}

/** The greatest INTERVAL that a task can have. */
const maxInterval = 1000;

function ofUnit(p: Phrase, i: number, k: number, n: number, unit: Unit): Found | null {
  const [frequency, factor] = calendar(unit) ?? [null, 0];
  if (!frequency || n * factor > maxInterval) return null;
  return on(p, i, k, ruleOf(frequency, n * factor));
}

/** Reads "april 15", "4th of july" and "24/12". */
function everyYearDay(p: Phrase, i: number, j: number): Found | null {
  let found = date(p, i, j);
  if (found?.day.form !== "year day") found = numericDate(p, i, j);
  if (found?.day.form !== "year day") return null;
  const { month, dom } = found.day;
  return [{ ...ruleOf("YEARLY"), months: [month], monthDays: [dom] }, found.to];
}

/**
 * Reads "3rd day", "1st and 15th", "last friday", "first monday of the month" and "last workday of the month". An ordinal
 * counts days, weeks, months and years from one to the next, but all else within the month.
 */
function everyOrdinal(p: Phrase, i: number, j: number): Found | null {
  const start = skip(p, i, j, "the");
  const ofYear = inNamedMonth(p, i, start);
  if (ofYear) return ofYear;
  const found = inMonth(p, i, start);
  if (found) {
    const [rule, k] = found;
    const after = ofMonth(p, i, k, "the", "a");
    if (after > k || wordAt(p, i, k - 1) !== "day" || rule.monthDays[0]! < 0) return [rule, after];
  }
  const n = ordinal(wordAt(p, i, j));
  const unit = units[wordAt(p, i, j + 1)];
  return n >= 1 && unit && unit === wordAt(p, i, j + 1) ? ofUnit(p, i, j + 2, n, unit) : null;
}

/** Reads "last friday of december". */
function inNamedMonth(p: Phrase, i: number, j: number): Found | null {
  const found = inMonth(p, i, j);
  if (!found) return null;
  const [rule, k] = found;
  const month = months[wordAt(p, i, k + 1)];
  if (!month || !["of", "in"].includes(wordAt(p, i, k))) return null;
  return [{ ...rule, frequency: "YEARLY", months: [month] }, k + 2];
}

/** The index after "of the month" with one of the given articles, or k. */
export const ofMonth = (p: Phrase, i: number, k: number, ...articles: string[]): number =>
  wordAt(p, i, k) === "of" && articles.includes(wordAt(p, i, k + 1)) && wordAt(p, i, k + 2) === "month"
    ? k + 3
    : k;

/** Reads "on the last friday of every month", "the 1st of each month", and "the 1st and 15th of the month", which recur. */
function ofEveryMonth(p: Phrase, i: number): Found | null {
  const found = inMonth(p, i, skip(p, i, skip(p, i, i, "on", "by"), "the"));
  if (!found) return null;
  const [rule, k] = found;
  const after = Math.max(ofMonth(p, i, k, "every", "each"), several(rule) ? ofMonth(p, i, k, "the") : k);
  if (after > k) return [rule, after];
  const other = ["of", "every", "other", "month"].every((word, n) => wordAt(p, i, k + n) === word);
  return other ? [{ ...rule, interval: 2 }, k + 4] : null;
}

/** Reads days of a month: "31st", "1st and 15th", "last day", "third friday", "1st and 3rd monday", "last workday". */
export function inMonth(p: Phrase, i: number, j: number): Found | null {
  const nths: number[] = [];
  let numbered = true;
  let k = j;
  for (;;) {
    const word = listedAt(p, i, k);
    const n = ordinal(word);
    if (!n) return null;
    numbered &&= numberedOrdinal(word) > 0;
    nths.push(n);
    k++;
    const and = skip(p, i, k, "and", "&");
    const next = skip(p, i, and, "the");
    if ((and === k && p.tokens[k - 1]!.trail !== ",") || !ordinal(listedAt(p, i, next))) break;
    k = next;
  }
  const monthly = ruleOf("MONTHLY");
  const word = wordAt(p, i, k);
  const weekday = weekdayNames[word];
  if (weekday !== undefined) {
    if (Math.max(...nths) > 5) return null;
    return [{ ...monthly, weekdays: nths.map((nth) => ({ nth, weekday })) }, k + 1];
  }
  if (word === "workday" || word === "weekday") {
    if (nths.length > 1 || nths[0]! > 20) return null;
    return [{ ...monthly, weekdays: weekly(1, workdays).weekdays, setPosition: nths[0]! }, k + 1];
  }
  if (word === "day") k++;
  else if (!numbered || units[word]) return null;
  const monthDays = [...new Set(nths)].sort((a, b) => ((a + 32) % 32) - ((b + 32) % 32));
  return Math.max(...monthDays) <= 31 ? [{ ...monthly, monthDays }, k] : null;
}

const workdays = [0, 1, 2, 3, 4];

/** Reads "friday", "mon, wed and fri", "weekday", "weekend" and "monday to friday". */
function everyWeekday(p: Phrase, i: number, j: number): Found | null {
  const [found, to] = weekdays(p, i, j);
  return found.length ? [weekly(1, found), to] : null;
}

/** Reads a list of weekdays. */
function weekdays(p: Phrase, i: number, j: number): [number[], number] {
  const found: number[] = [];
  for (let k = j; ;) {
    const item = weekdayItem(p, i, k);
    if (!item) return [found, k];
    found.push(...item[0]);
    k = item[1];
    let next = skip(p, i, k, "and", "&");
    if (next === k) {
      if (k >= p.tokens.length || p.tokens[k - 1]!.trail !== ",") return [found, k];
      if (p.tokens[k]!.word === "and") next = k + 1;
    }
    if (!weekdayItem(p, next, next)) return [found, k];
    i = k = next; // a comma has ended what came before
  }
}

/** Reads one item of the list. */
function weekdayItem(p: Phrase, i: number, k: number): [readonly number[], number] | null {
  const word = wordAt(p, i, k);
  const group = dayGroups[word];
  if (group) return [group, k + 1];
  if (["working", "business"].includes(word) && ["day", "days"].includes(wordAt(p, i, k + 1))) {
    return [workdays, k + 2];
  }
  const range = weekdaysIn(word);
  if (range) return [weekdaysFrom(...range), k + 1];
  const weekday = weekdayOrPlural(word);
  if (weekday === undefined) return null;
  const c = skip(p, i, k + 1, "-", "–", "—", "to", "through");
  const last = c > k + 1 ? weekdayOrPlural(wordAt(p, i, c)) : undefined;
  return last === undefined ? [[weekday], k + 1] : [weekdaysFrom(weekday, last), c + 1];
}

export const weekdayOrPlural = (word: string): number | undefined =>
  weekdayNames[word] ?? weekdayPlurals[word];

function weekdaysFrom(from: number, to: number): number[] {
  const found = [from];
  while (from !== to) {
    from = (from + 1) % 7;
    found.push(from);
  }
  return found;
}

/** Reads "mondays and thursdays", "on weekdays" and "monday mornings". */
function plural(p: Phrase, i: number): Found | null {
  const j = skip(p, i, i, "on");
  const word = wordAt(p, i, j);
  const item = weekdayItem(p, i, j);
  const after = item ? wordAt(p, i, item[1]) : "";
  const part = after.endsWith("s") ? after.slice(0, -1) : "";
  const clock = times[part];
  if (item && clock) {
    const time = { hour: clock[0], minute: clock[1], form: "part", part } as const;
    return [{ ...weekly(1, item[0]), time }, item[1] + 1];
  }
  if (weekdayPlurals[word] === undefined && !["weekdays", "weekends", "workdays"].includes(word)) return null;
  const [found, to] = weekdays(p, i, j);
  return [weekly(1, found), to];
}

/** Reads "morning" and "night". */
function everyPartOfDay(p: Phrase, i: number, j: number): Found | null {
  const word = wordAt(p, i, j);
  const clock = times[word];
  if (!clock) return null;
  const isPart = word !== "noon" && word !== "midday";
  const [hour, minute] = clock;
  const time = { hour, minute, form: isPart ? "part" : "exact", part: isPart ? word : "" } as const;
  return [{ ...ruleOf("DAILY"), time }, j + 1];
}

/** Reads the days of a rule after its frequency: "on tuesday", "on the 31st", "on 5 may". */
function on(p: Phrase, i: number, k: number, rule: Rule): Found {
  if (wordAt(p, i, k) !== "on") return [rule, k];
  const { frequency, interval } = rule;
  switch (frequency) {
    case "WEEKLY": {
      const [found, to] = weekdays(p, i, k + 1);
      if (found.length) return [weekly(interval, found), to];
      break;
    }
    case "MONTHLY": {
      const found = inMonth(p, i, skip(p, i, k + 1, "the"));
      if (found) return [{ ...found[0], interval }, ofMonth(p, i, found[1], "the", "each", "every")];
      break;
    }
    case "YEARLY": {
      const found = date(p, i, k + 1) ?? numericDate(p, i, k + 1);
      if (found?.day.form === "year day") {
        const { month, dom } = found.day;
        return [{ ...rule, months: [month], monthDays: [dom] }, found.to];
      }
      const named = inNamedMonth(p, i, skip(p, i, k + 1, "the"));
      if (named) return [{ ...named[0], interval }, named[1]];
    }
  }
  return [rule, k];
}
