import type { Day } from "./day";
import type { Token } from "./token";
import { notADue, notAWeekday, numbers, ordinals } from "./words";

/** A text that is being read. */
export interface Phrase {
  tokens: readonly Token[];
  locale: string;
  today: Day;
  /** The first day of a week, 0 for Monday. */
  weekStart: number;
}

/**
 * A word of an atom that begins at token `first`: empty outside the text, in quotes, and after punctuation, which ends
 * an atom.
 */
export function wordAt(p: Phrase, first: number, i: number): string {
  if (i > first && p.tokens[i - 1]?.trail) return "";
  return p.tokens[i]?.word ?? "";
}

/** The same in an enumeration, in which a comma may stand: "mon, wed and fri". */
export const listedAt = (p: Phrase, first: number, i: number): string =>
  i > first && p.tokens[i - 1]?.trail === "," ? (p.tokens[i]?.word ?? "") : wordAt(p, first, i);

/** The index after the word at i if it is one of the given. */
export function skip(p: Phrase, first: number, i: number, ...some: readonly string[]): number {
  const word = wordAt(p, first, i);
  return word && some.includes(word) ? i + 1 : i;
}

/** Whether the word before a day or time gives it another meaning: it is title then, to its last word. */
export const blocked = (p: Phrase, i: number): boolean => notADue.includes(before(p, i));

/** The same for the name of a day: "3rd friday" is none. */
export const blockedWeekday = (p: Phrase, i: number): boolean =>
  notAWeekday.includes(before(p, i)) || ordinalNumber.test(before(p, i));

/** The word before a token, unless punctuation stands between them. */
export const before = (p: Phrase, i: number): string =>
  p.tokens[i - 1]?.trail ? "" : (p.tokens[i - 1]?.word ?? "");

const digits = /^[0-9]{1,4}$/;
const ordinalNumber = /^([0-9]{1,2})(?:st|nd|rd|th)$/;

/** Reads 3, three or a; 0 if it is no number. */
export const number = (word: string): number => (digits.test(word) ? Number(word) : (numbers[word] ?? 0));

/** Reads 3rd, third or last, which is -1; 0 if it is no ordinal. */
export const ordinal = (word: string): number => numberedOrdinal(word) || (ordinals[word] ?? 0);

/** Reads 3rd; 0 if it is no such ordinal. */
export const numberedOrdinal = (word: string): number => Number(ordinalNumber.exec(word)?.[1] ?? 0);
