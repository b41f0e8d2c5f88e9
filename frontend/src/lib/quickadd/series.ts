import type { DayWord, Span, TimeWord } from "./atom";
import { add, date, type Day, isoDate, monthLength, weekdayOf } from "./day";
import type { Meaning } from "./meaning";
import { type Clock, due, isPast, nextDay, oneDay, type When } from "./resolve";
import { dated, type Rule, ruleText } from "./rule";

/** How many days a series is searched for its first occurrence. */
const horizon = 100 * 366;

/** The greatest COUNT that a task can have. */
const maxCount = 10_000;

/** The due and the rule of a task that recurs; null if there is none. */
export function series(clock: Clock, m: Meaning & { rule: Rule }): (When & { rrule: string }) | null {
  const rule = { ...m.rule };
  const start = startOf(clock, rule, m);
  if (start === null) return null;
  const first = firstOf(clock, rule, start, m.time);
  // Midnight is on the day after those that the rule names.
  if (first === null || (m.time?.form === "midnight" && dated(rule))) return null;
  const when = due(clock, first, m.time);
  const until = untilOf(clock, m, start, first);
  const count = countOf(rule, first, m.span);
  if (!when || until === null || count === null || (count && until)) return null;
  return { ...when, rrule: ruleText(rule, count, until) };
}

/**
 * The first day that was named for a series; undefined if none was, null if it contradicts the rule. A day that was
 * named without a word such as "starting" belongs to the rule if that leaves it open ("on the 15th every 2 months");
 * else it must be one of the rule's.
 */
function startOf(clock: Clock, rule: Rule, m: Meaning): Day | undefined | null {
  const open: DayWord[] = [];
  for (const word of m.days) {
    if (take(rule, word)) {
      if (m.end) return null; // "every year 24-26 december"
      continue;
    }
    // "every month on friday"
    if ((word.form === "weekday" || word.form === "month day") && !dated(rule)) return null;
    open.push(word);
  }
  if (m.time?.today) open.push({ form: "fixed", fixed: clock.today });
  const start = m.start ? nextDay(m.start, clock.today) : undefined;
  if (start === null || !open.length) return start;
  const day = oneDay(clock, open);
  if (day === null || !matches(rule, day) || (start !== undefined && start !== day)) return null;
  return day;
}

/** Makes a named day a part of the rule. */
function take(rule: Rule, word: DayWord): boolean {
  if (dated(rule) || (word.form !== "weekday" && word.weekday !== undefined)) return false;
  if (rule.frequency === "WEEKLY" && word.form === "weekday") {
    rule.weekdays = [{ nth: 0, weekday: word.weekday }];
  } else if (rule.frequency === "MONTHLY" && word.form === "month day") {
    rule.monthDays = [word.dom];
  } else if (rule.frequency === "YEARLY" && word.form === "year day") {
    [rule.months, rule.monthDays] = [[word.month], [word.dom]];
  } else {
    return false;
  }
  return true;
}

/** The first day of a series that is not past and not before its start. */
function firstOf(clock: Clock, rule: Rule, start: Day | undefined, time?: TimeWord): Day | null {
  const from = start ?? clock.today;
  const last = from + horizon;
  let begin = from;
  while (!matches(rule, begin) || (start === undefined && isPast(clock, begin, time))) {
    if (++begin > last) return null;
  }
  let day = begin;
  while (isPast(clock, day, time) || !recurs(rule, begin, day)) {
    if (++day > last) return null;
  }
  return date(day)[0] <= 9999 ? day : null;
}

/** The UNTIL of a series, which must not be before its first occurrence; null if it is. */
function untilOf(clock: Clock, m: Meaning, start: Day | undefined, first: Day): string | null {
  if (m.end && m.until) return null;
  const word = m.end ?? m.until;
  if (!word) return "";
  const from = start !== undefined && word.form !== "fixed" ? Math.max(clock.today, start) : clock.today;
  const day = nextDay(word, from);
  const earliest = m.time?.form === "midnight" ? first + 1 : first;
  return day !== null && day >= earliest ? isoDate(day).replaceAll("-", "") : null;
}

/** The number of occurrences in a span that begins with the first of them; null if there are too many. */
function countOf(rule: Rule, first: Day, span: Span | undefined): number | null {
  if (!span) return 0;
  if (!span.unit) return span.n <= maxCount ? span.n : null;
  const end = add(first, span.n, span.unit);
  if (end === null || end > first + horizon) return null;
  let n = 0;
  for (let day = first; day < end; day++) if (recurs(rule, first, day)) n++;
  return n <= maxCount ? n : null;
}

/** Whether the rule's days include a day. One without days matches each. */
export function matches(rule: Rule, day: Day): boolean {
  const [year, month, dom] = date(day);
  const length = monthLength(year, month);
  const { months, monthDays, weekdays, setPosition } = rule;
  if (months.length && !months.includes(month)) return false;
  if (monthDays.length && !monthDays.includes(dom) && !monthDays.includes(dom - length - 1)) return false;
  if (!weekdays.length) return true;
  const div = (a: number, b: number) => Math.trunc(a / b);
  const is = weekdays.some(
    ({ nth, weekday }) =>
      weekday === weekdayOf(day) &&
      (nth === 0 || nth === div(dom - 1, 7) + 1 || nth === -(div(length - dom, 7) + 1)),
  );
  if (!setPosition || !is) return is;
  // Its position among the month's days of the rule.
  const [from, to] = setPosition < 0 ? [dom, length] : [1, dom];
  let position = 0;
  for (let other = from; other <= to; other++) {
    const weekday = weekdayOf(day + other - dom);
    if (weekdays.some((one) => one.weekday === weekday)) position++;
  }
  return position === Math.abs(setPosition);
}

/** Whether a series that began with one day has an occurrence on another. */
function recurs(rule: Rule, begin: Day, day: Day): boolean {
  if (!matches(rule, day)) return false;
  const [y1, m1, d1] = date(begin);
  const [y2, m2, d2] = date(day);
  const { frequency, interval } = rule;
  switch (frequency) {
    case "DAILY":
      return (day - begin) % interval === 0;
    case "WEEKLY": {
      const weeks = (day - weekdayOf(day) - begin + weekdayOf(begin)) / 7;
      return weeks % interval === 0 && (dated(rule) || weekdayOf(day) === weekdayOf(begin));
    }
    case "MONTHLY":
      return ((y2 - y1) * 12 + m2 - m1) % interval === 0 && (dated(rule) || d1 === d2);
    case "YEARLY":
      return (y2 - y1) % interval === 0 && (dated(rule) || (m1 === m2 && d1 === d2));
  }
}
