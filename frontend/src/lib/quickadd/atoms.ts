import { readAnother } from "./another";
import { type Atom, scheduled } from "./atom";
import { readTime } from "./clock";
import { readDay } from "./date";
import { readAdverb, readRule } from "./every";
import { readLabel } from "./label";
import type { Phrase } from "./phrase";
import { readAhead, readCompletion, readFromNow, readSpan } from "./span";
import { joiner } from "./token";
import { readStart, readUntil } from "./until";

const readers = [
  readLabel,
  readRule,
  readAdverb,
  readUntil,
  readStart,
  readSpan,
  readCompletion,
  readAhead,
  readFromNow,
  readDay,
  readTime,
];

/** All parts that have a meaning, from left to right. At each word the first reader that knows it wins. */
export function atomsOf(p: Phrase): Atom[] {
  const found: Atom[] = [];
  let project = false;
  for (let i = 0; i < p.tokens.length;) {
    const another = readAnother(p, i, found.at(-1));
    if (another) {
      found.push(another);
      i = another.to;
      continue;
    }
    let next = i + 1;
    for (const read of p.tokens[i]!.word ? readers : []) {
      const atom = read(p, i);
      if (!atom || (project && atom.kind === "project")) continue;
      project ||= atom.kind === "project";
      found.push(atom);
      next = atom.to;
      break;
    }
    i = next;
  }
  return needed(p, found);
}

/** Drops atoms that lack what they need. Dropping one can take from another what it needed, so it starts over. */
function needed(p: Phrase, found: Atom[]): Atom[] {
  for (let i = 0; i < found.length;) {
    if (has(p, found, i)) {
      i++;
      continue;
    }
    found.splice(i, 1);
    i = 0;
  }
  return found;
}

/** Whether an atom has one of the things that it needs. */
function has(p: Phrase, found: Atom[], i: number): boolean {
  const atom = found[i]!;
  if (!atom.needs?.length) return true;
  const before = found[i - 1]?.to === atom.from ? found[i - 1] : undefined;
  const behind = found[i + 1]?.from === atom.to ? found[i + 1] : undefined;
  const dueBefore = before !== undefined && scheduled(before);
  return atom.needs.some((need) => {
    switch (need) {
      case "beginning":
        return atom.from === 0;
      case "end":
        return ends(p, found, i);
      case "after due":
        return dueBefore;
      case "after due at end":
        return dueBefore && ends(p, found, i);
      case "near due":
        return dueBefore || (behind !== undefined && scheduled(behind));
      case "rule":
        return found.some((other) => other.rule);
      case "rule near":
        if (!found.some((other) => other.rule)) return false;
        return before !== undefined || behind !== undefined || atom.from === 0 || ends(p, found, i);
    }
  });
}

/** Whether only other atoms and joiners follow an atom. */
function ends(p: Phrase, found: Atom[], i: number): boolean {
  for (let at = found[i++]!.to; at < p.tokens.length;) {
    if (found[i]?.from === at) at = found[i++]!.to;
    else if (joiner(p.tokens[at]!)) at++;
    else return false;
  }
  return true;
}
