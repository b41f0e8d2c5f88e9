import type { Atom } from "./atom";
import { day, dayAtom } from "./date";
import { type Phrase, skip, wordAt } from "./phrase";
import { readAhead } from "./span";

/** Reads the last day of a series: "until 31 december". */
export function readUntil(p: Phrase, i: number): Atom | null {
  if (!["until", "till", "til"].includes(wordAt(p, i, i))) return null;
  const last = day(p, i, i + 1);
  return last && { from: i, to: last.to, kind: "repeat", until: last.day, needs: ["rule"] };
}

/** Reads the first day of a due or a series: "starting monday", "from 1 december". */
export function readStart(p: Phrase, i: number): Atom | null {
  const word = wordAt(p, i, i);
  if (!["starting", "from", "beginning"].includes(word)) return null;
  const j = word === "from" ? i + 1 : skip(p, i, i + 1, "on", "from");
  if (wordAt(p, i, j) === "in") {
    const ahead = readAhead(p, j);
    return ahead?.day ? { from: i, to: ahead.to, kind: "due", start: ahead.day } : null;
  }
  const atom = dayAtom(p, i, j);
  return atom && { ...atom, start: atom.day, day: undefined };
}
