import { readAnother } from "./another";
import { type Atom, namesDay, scheduled, yearly } from "./atom";
import { readTime } from "./clock";
import { readDay } from "./date";
import { readAdverb, readRule } from "./every";
import { readLabel } from "./label";
import { before, type Phrase, skip, wordAt } from "./phrase";
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

/** Some tokens, from one to before another. */
export interface Place {
  from: number;
  to: number;
}

/** All parts that have a meaning, from left to right, and those that a word before them makes title. */
export function atomsOf(p: Phrase): { atoms: Atom[]; blocked: Place[] } {
  const found: Atom[] = [];
  const blocked: Place[] = [];
  let project = false;
  for (let i = 0; i < p.tokens.length;) {
    const atom: Atom | null = readAnother(p, i, found.at(-1)) ?? atomAt(p, i, project);
    if (!atom) {
      i++;
    } else if (atom.blocked) {
      const to = blockedEnd(p, atom);
      blocked.push({ from: i, to });
      i = to;
    } else {
      project ||= atom.kind === "project";
      found.push(atom);
      i = atom.to;
    }
  }
  return { atoms: needed(p, found), blocked };
}

/** The part that begins with a word. The first reader that knows it wins. A text has one project. */
function atomAt(p: Phrase, i: number, project: boolean): Atom | null {
  for (const read of p.tokens[i]?.word ? readers : []) {
    const atom = read(p, i);
    if (atom && !(project && atom.kind === "project")) return atom;
  }
  return null;
}

/** Where the words end that belong to a blocked part: "before friday at 5pm", "between monday and friday". */
function blockedEnd(p: Phrase, atom: Atom): number {
  let last = atom;
  const next = skip(p, atom.from, atom.to, "and");
  if (next > atom.to && before(p, atom.from) === "between") {
    const other = atomAt(p, next, true);
    if (other?.day || other?.time) last = other;
  }
  const time = last.day && wordAt(p, atom.from, last.to) ? readTime(p, last.to) : null;
  return time?.to ?? last.to;
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
      case "time behind":
        return behind !== undefined && onlyDay(p, found, i);
      case "rule":
        return found.some((other) => other.rule);
      case "rule near":
        if (!found.some((other) => other.rule)) return false;
        return before !== undefined || behind !== undefined || atom.from === 0 || ends(p, found, i);
    }
  });
}

/** Whether an atom is the only one that names a day, and only other atoms follow it, first a time or "every year". */
function onlyDay(p: Phrase, found: Atom[], i: number): boolean {
  const behind = found[i + 1]!;
  return (
    (behind.time !== undefined || yearly(behind)) &&
    !found.some((other, at) => at !== i && namesDay(other)) &&
    ends(p, found, i)
  );
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
