// The same as functions/tasks/internal/quickadd/rewriting.go.
import type { Atom } from "./atom";
import { atomsOf, type Place } from "./atoms";
import { type Language, match, type PhrasePattern } from "./language";
import type { Phrase } from "./phrase";
import type { Token } from "./token";

/** A phrase at a place, with one of its meanings. */
interface Candidate {
  length: number;
  words: string[];
  /** The punctuation after the phrase. */
  trail: string;
  order: number;
}

/** A phrase that was taken for English words: they are all understood, or none is. */
interface Group {
  /** Where it begins in the source. */
  at: number;
  /** Its English words. */
  from: number;
  to: number;
}

/** A text as the English grammar reads it. */
interface Rewritten {
  tokens: Token[];
  /** Where each of them is in the source. */
  origin: Place[];
  groups: Group[];
}

/** The parts of a text that have a meaning, and the same with their places in the tokens of the phrase. */
export interface Atoms {
  atoms: Atom[];
  located: Atom[];
}

/** Bounds the work for texts that were made to be much of it. After them no phrase counts. */
const maxRounds = 40;

/**
 * Reads a text in a language. It replaces the words of the tokens by the English ones that they stand for. A phrase whose English
 * words are not all part of what was understood is title: then the text is rewritten without it, until all of them are.
 */
export function readIn(language: Language, p: Phrase): Atoms {
  const source = p.tokens;
  const said = source.map(({ word }) => language.folded(word));
  const possible = source.map((_, i) => candidates(language, source, said, i));
  source.forEach((token, i) => {
    token.word = language.words.get(said[i]!) ?? token.word;
  });
  const failed = source.map(() => 0);
  for (let round = 0; ; round++) {
    const text = rewrite(source, possible, failed);
    const { atoms, blocked } = atomsOf({ ...p, tokens: text.tokens });
    for (const place of blocked) makeTitle(place, text, source, possible);
    if (blocked.length) continue;
    const left = uncovered(text, atoms);
    if (!left.length) return { atoms, located: locate(text, atoms) };
    for (const { at } of left) failed[at]!++;
    if (round >= maxRounds) possible.forEach((some, i) => (failed[i] = some.length));
  }
}

/** The phrases that begin with a token, with their meanings, the longest first. */
function candidates(language: Language, source: readonly Token[], said: readonly string[], i: number) {
  const found: Candidate[] = [];
  for (const first of said[i] ? [said[i], ""] : []) {
    for (const pattern of language.phrases.get(first) ?? []) {
      const matched = matches(language, pattern, source, said, i);
      for (const meaning of matched ? pattern.meanings : []) {
        const words = insert(meaning, matched!.stands);
        found.push({ length: pattern.elements.length, words, trail: matched!.trail, order: pattern.order });
      }
    }
  }
  return found.sort((a, b) => b.length - a.length || a.order - b.order);
}

/** What the words of a phrase stand for that begins with a token, and the punctuation after it. */
function matches(
  language: Language,
  { elements }: PhrasePattern,
  source: readonly Token[],
  said: readonly string[],
  i: number,
): { stands: string[]; trail: string } | null {
  if (i + elements.length > source.length) return null;
  const stands: string[] = [];
  let trail = "";
  for (const [k, element] of elements.entries()) {
    const matched = match(language, element, said[i + k]!, source[i + k]!.trail);
    if (!matched || (matched.left && k < elements.length - 1)) return null;
    stands.push(matched.means);
    trail = matched.left;
  }
  return { stands, trail };
}

/** Puts what the words of a phrase stand for into its meaning, and splits it into words. */
const insert = (meaning: string, stands: readonly string[]): string[] =>
  stands
    .reduce((text, means, k) => text.replaceAll(`{${k + 1}}`, means), meaning)
    .split(" ")
    .filter(Boolean);

/** Makes the tokens from the first phrase at each place that has not failed. */
function rewrite(
  source: readonly Token[],
  possible: readonly Candidate[][],
  failed: readonly number[],
): Rewritten {
  const text: Rewritten = { tokens: [], origin: [], groups: [] };
  const add = (token: Token, from: number, to: number) => {
    text.tokens.push(token);
    text.origin.push({ from, to });
  };
  for (let i = 0; i < source.length;) {
    const at = i;
    const candidate = possible[at]![failed[at]!];
    if (!candidate) {
      add(source[at]!, at, at + 1);
      i++;
      continue;
    }
    const { length, words, trail } = candidate;
    i += length;
    if (!words.length) {
      for (let k = at; k < i; k++) add({ ...source[k]!, word: "" }, k, k + 1);
      continue;
    }
    const from = text.tokens.length;
    words.forEach((word, k) => {
      const token = { text: word, word, trail: k === words.length - 1 ? trail : "", from: 0, to: 0 };
      if (words.length === length) add(token, at + k, at + k + 1);
      else add(token, at, i);
    });
    text.groups.push({ at, from, to: text.tokens.length });
  }
  return text;
}

/** Empties the words of the source that are blocked, so that no other phrase reads them from the inside. */
function makeTitle(
  { from, to }: Place,
  { origin }: Rewritten,
  source: readonly Token[],
  possible: Candidate[][],
) {
  for (let i = origin[from]!.from; i < origin[to - 1]!.to; i++) {
    source[i]!.word = "";
    possible[i] = [];
  }
}

/** The groups that have words outside of all atoms. */
function uncovered({ groups }: Rewritten, atoms: readonly Atom[]): Group[] {
  const covered = new Set<number>();
  for (const { from, to } of atoms) for (let i = from; i < to; i++) covered.add(i);
  return groups.filter(({ from, to }) => {
    for (let i = from; i < to; i++) if (!covered.has(i)) return true;
    return false;
  });
}

/** The atoms with their places in the source. Those that share a phrase are one there. */
function locate({ origin }: Rewritten, atoms: readonly Atom[]): Atom[] {
  const located: Atom[] = [];
  for (const atom of atoms) {
    const [from, to] = [origin[atom.from]!.from, origin[atom.to - 1]!.to];
    const last = located.at(-1);
    if (last && from < last.to) last.to = Math.max(last.to, to);
    else located.push({ ...atom, from, to });
  }
  return located;
}
