import type { Task } from "../task";

/**
 * The rules of the server's search (shared/search): what is compared, and how a query is split. Both are tested with
 * shared/search/cases.json.
 */

/** Marks that people leave out when they type: accents, Hebrew points and Arabic vowel signs. */
const marks =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/gu;

/** Characters that are not seen, such as variation selectors, joiners and marks of direction. */
const ignorable =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]+/gu;

/** Letters that Unicode does not decompose, but people spell without their stroke, and signs that a keyboard chooses. */
const alike: Record<string, string> = {
  ...{ ø: "o", đ: "d", ħ: "h", ł: "l", ŧ: "t", ı: "i", æ: "ae", œ: "oe", þ: "th", ð: "d", ς: "σ", ß: "ss" },
  ...{ "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"' },
  ...{ "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-" },
};
const others = new RegExp(`[${Object.keys(alike).join("")}]`, "gu");

/** A text as it is compared: without differences of compatibility, case, accents and invisible characters. */
export function fold(text: string): string {
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(marks, "")
    .toLowerCase()
    .normalize("NFKD")
    .replace(marks, "")
    .replace(ignorable, "")
    .replace(others, (c) => alike[c] ?? c)
    .normalize("NFC");
}

const signs = /^[\p{P}\p{Sm}\p{Sc}\p{Sk}]*$/u;

/**
 * The parts of a query, folded. Punctuation around a word and signs beside it are dropped; a query of nothing else is
 * taken as it is.
 */
export function termsOf(query: string): string[] {
  const words = fold(query).split(/\s+/u).filter(Boolean);
  const bare = words.map((word) => word.replace(/^\p{P}+|\p{P}+$/gu, "")).filter((word) => !signs.test(word));
  return bare.length > 0 ? bare : words;
}

const texts = new WeakMap<Task, string>();

function textOf(task: Task): string {
  let text = texts.get(task);
  if (text === undefined) texts.set(task, (text = fold(`${task.title}\n${task.description}`)));
  return text;
}

/** Finds tasks as the server's search does: title or description must contain every part of the query. */
export function matcher(query: string): (task: Task) => boolean {
  const terms = termsOf(query);
  return (task) => {
    const text = textOf(task);
    return terms.every((term) => text.includes(term));
  };
}

/** Whether two names of a project or tag are one, as for the server: they fold to the same. */
export const sameName = (a: string | null, b: string) => a === b || (a !== null && fold(a) === fold(b));

/** The name among others that is the same, in its own spelling. */
export const nameAmong = (names: readonly string[], name: string) => names.find((n) => sameName(n, name));

export const hasName = (names: readonly string[], name: string) => nameAmong(names, name) !== undefined;
