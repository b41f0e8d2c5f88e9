import { scheduled } from "./atom";
import { type Options, type Part, read } from "./parse";
import { number, ordinal } from "./phrase";
import { partsOf } from "./title";
import type { Token } from "./token";
import * as words from "./words";

type Span = Pick<Part, "from" | "to">;

/**
 * The words that look like a date, a time or a repetition, and were left in the title: of "call at 8am and 8pm" both
 * times. `parts` is what was understood of the text. Words that are common in titles ("may", "sun", "daily") count only
 * if the grammar took them for a date, and then could make nothing of the whole text.
 */
export function missed(text: string, parts: readonly Part[], options: Options): string[] {
  const { tokens, located } = read(text, options);
  const left: Span[] = without(partsOf(tokens, located.filter(scheduled)), parts);
  for (let i = 0; i < tokens.length;) {
    const to = endOfWhen(tokens, i);
    if (to) left.push(...without([{ from: tokens[i]!.from, to: tokens[to - 1]!.to }], [...parts, ...left]));
    i = Math.max(to, i + 1);
  }
  return left.toSorted((a, b) => a.from - b.from).map(({ from, to }) => text.slice(from, to));
}

/** The spans that have nothing in common with the others. */
const without = (spans: readonly Span[], others: readonly Span[]): Span[] =>
  spans.filter(({ from, to }) => !others.some((other) => other.from < to && other.to > from));

const clock = /^[0-9]{1,2}:[0-5][0-9](?:am|pm)?$|^[0-9]{1,2}(?:am|pm)$/;
const fullDate = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$|^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}$/;
const relative = ["today", "tomorrow", "tonight"];

/** The index after the words from i that look like a date, a time or a repetition; 0 if they do not. */
function endOfWhen(tokens: readonly Token[], i: number): number {
  const [before = "", word = "", after = "", second = ""] = [i - 1, i, i + 1, i + 2].map(
    (n) => tokens[n]?.word,
  );
  if (clock.test(word) || fullDate.test(word) || relative.includes(word)) return i + 1;
  if (isWeekday(word)) return !words.notAWeekday.includes(before) || ordinal(before) ? i + 1 : 0;
  if ((words.months[word] && isDayNumber(after)) || (isDayNumber(word) && words.months[after])) return i + 2;
  switch (word) {
    case "every":
    case "each":
      if (isPeriod(after)) return i + 2;
      return isPeriod(second) && (number(after) || ordinal(after) || after === "other") ? i + 3 : 0;
    case "until":
      return isPeriod(after) || isDayNumber(after) ? i + 2 : 0;
    case "in":
      return words.units[second] && number(after) ? i + 3 : 0;
    case "next":
      return words.units[after] ? i + 2 : 0;
    default: // 31/11 at the end; not 1/2 and 24/7
      return i + 1 === tokens.length && isShortDate(word) ? i + 1 : 0;
  }
}

const isWeekday = (word: string): boolean =>
  (words.weekdays[word] !== undefined && !words.weekdaysThatAreWords.includes(word)) ||
  words.weekdayPlurals[word] !== undefined;

/** Whether it can follow "every". */
const isPeriod = (word: string): boolean =>
  isWeekday(word) ||
  relative.includes(word) ||
  [words.weekdays, words.months, words.times, words.dayGroups, words.units].some(
    (of) => of[word] !== undefined,
  );

const isDayNumber = (word: string): boolean => /^[0-9]{1,2}(?:st|nd|rd|th)?$/.test(word);

function isShortDate(word: string): boolean {
  const [a = 0, b = 0] = (/^([0-9]{1,2})\/([0-9]{1,2})$/.exec(word) ?? []).slice(1).map(Number);
  return Math.min(a, b) > 9 && Math.min(a, b) <= 12 && Math.max(a, b) <= 31;
}
