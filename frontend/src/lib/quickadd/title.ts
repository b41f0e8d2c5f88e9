import { type Atom, type Kind, scheduled } from "./atom";
import { end, joiner, type Token, trim } from "./token";
import { repetition } from "./words";

/** A part of the text that was not understood: words that stand beside each other. */
export interface Run {
  tokens: readonly Token[];
  /** Something was taken out before it. */
  cut: boolean;
  /** Something was taken out after it. */
  trail: boolean;
}

/** The words that the atoms leave. */
export function without(tokens: readonly Token[], atoms: readonly Atom[]): Run[] {
  const runs: Run[] = [];
  let at = 0;
  atoms.forEach(({ from, to }, i) => {
    if (from > at) runs.push({ tokens: tokens.slice(at, from), cut: i > 0, trail: true });
    at = to;
  });
  if (at < tokens.length) runs.push({ tokens: tokens.slice(at), cut: true, trail: false });
  return runs;
}

/** Joins the words that are left. Punctuation that joined them to what was taken out goes with it. */
export function titleOf(text: string, runs: readonly Run[]): string {
  const kept: string[] = [];
  for (const { tokens, cut, trail } of runs) {
    let [first, last] = [0, tokens.length];
    while (cut && first < last && joiner(tokens[first]!)) first++;
    while (trail && first < last && joiner(tokens[last - 1]!)) last--;
    if (first === last) continue;
    const said = text.slice(tokens[first]!.from, end(tokens[last - 1]!));
    kept.push(trail ? said.replace(/[,;:]+$/, "") : said);
  }
  return trim(kept.join(" "));
}

/** Whether a word of repetition is left over. */
export const repeats = (runs: readonly Run[]): boolean =>
  runs.some(({ tokens }) => tokens.some(({ word }) => repetition.includes(word)));

/** A part of the text that was understood, from one position to before another. */
export interface Part {
  from: number;
  to: number;
  kind: Kind;
}

/** The positions of the atoms. Those of one due, or of one repetition, that are beside each other are one part. */
export function partsOf(tokens: readonly Token[], atoms: readonly Atom[]): Part[] {
  const found: Part[] = [];
  atoms.forEach((atom, i) => {
    const part = { from: tokens[atom.from]!.from, to: tokens[atom.to - 1]!.to, kind: atom.kind };
    const before = atoms[i - 1];
    if (before?.to === atom.from && before.kind === atom.kind && scheduled(atom)) found.at(-1)!.to = part.to;
    else found.push(part);
  });
  return found;
}
