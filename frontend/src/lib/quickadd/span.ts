import type { Atom, DayWord } from "./atom";
import { day } from "./date";
import { add } from "./day";
import { blocked, number, type Phrase, skip, wordAt } from "./phrase";
import { nextDay } from "./resolve";
import { gluedUnits, type Unit, units, weekdays } from "./words";

const exact = (unit: Unit): boolean => unit === "hour" || unit === "minute";
const minutes = (n: number, unit: Unit): number => (unit === "hour" ? 60 * n : n);

/** Reads "in 3 days", "in 2 hours", "in half an hour" and "in 2h". */
export function readAhead(p: Phrase, i: number): Atom | null {
  const j = skip(p, i, i, "due");
  if (wordAt(p, i, j) !== "in") return null;
  if (["half", "an", "hour"].every((word, n) => wordAt(p, i, j + 1 + n) === word)) {
    return { from: i, to: j + 4, kind: "due", minutes: 30 };
  }
  const found = amount(p, i, j + 1);
  if (!found) return null;
  const { n, unit, to } = found;
  if (!exact(unit)) {
    const fixed = add(p.today, n, unit);
    const end = skip(p, i, to, "time"); // "in two weeks time"
    return fixed === null ? null : { from: i, to: end, kind: "due", day: { form: "fixed", fixed } };
  }
  const more = unit === "hour" ? amount(p, i, skip(p, i, to, "and")) : null;
  if (more?.unit === "minute") {
    return { from: i, to: more.to, kind: "due", minutes: minutes(n, unit) + more.n };
  }
  if (unit === "hour" && ["and", "a", "half"].every((word, n) => wordAt(p, i, to + n) === word)) {
    return { from: i, to: to + 3, kind: "due", minutes: minutes(n, unit) + 30 };
  }
  return { from: i, to, kind: "due", minutes: minutes(n, unit) };
}

/** Reads "a week from friday", "a week on friday" and "10 minutes from now". */
export function readFromNow(p: Phrase, i: number): Atom | null {
  const found = amount(p, i, skip(p, i, skip(p, i, i, "due"), "on", "by"));
  if (!found) return null;
  const { n, unit } = found;
  // "a week on friday" is a week after it.
  const weekOn =
    unit === "week" && wordAt(p, i, found.to) === "on" && weekdays[wordAt(p, i, found.to + 1)] !== undefined;
  if (wordAt(p, i, found.to) !== "from" && !weekOn) return null;
  let to = found.to + 2;
  let from: DayWord = { form: "fixed", fixed: p.today };
  if (wordAt(p, i, found.to + 1) === "now") {
    if (exact(unit)) return { from: i, to, kind: "due", minutes: minutes(n, unit), blocked: blocked(p, i) };
  } else {
    const named = exact(unit) ? null : day(p, i, found.to + 1);
    if (!named) return null;
    [from, to] = [named.day, named.to];
  }
  const start = nextDay(from, p.today);
  const fixed = start === null ? null : add(start, n, unit);
  if (fixed === null) return null;
  return { from: i, to, kind: "due", day: { form: "fixed", fixed }, blocked: blocked(p, i) };
}

/** Reads how long a series goes on: "for 3 weeks", "for 10 times". */
export function readSpan(p: Phrase, i: number): Atom | null {
  if (wordAt(p, i, i) !== "for") return null;
  const times = number(wordAt(p, i, i + 1));
  if (times && wordAt(p, i, i + 2) === "times") {
    return { from: i, to: i + 3, kind: "repeat", span: { n: times }, needs: ["rule"] };
  }
  const found = amount(p, i, i + 1);
  if (!found || exact(found.unit)) return null;
  return { from: i, to: found.to, kind: "repeat", span: { n: found.n, unit: found.unit }, needs: ["rule"] };
}

/** Reads what makes a series count from its completions: not "every friday call after I finish work". */
export function readCompletion(p: Phrase, i: number): Atom | null {
  if (wordAt(p, i, i) !== "after") return null;
  const next = wordAt(p, i, i + 1);
  let to;
  if (next === "completion") to = i + 2;
  else if (next === "i" && wordAt(p, i, i + 2) === "finish") to = i + 3;
  else return null;
  return { from: i, to, kind: "repeat", after: true, needs: ["rule near"] };
}

/** Reads "3 days", "a week", "two hours" and "2h". */
function amount(p: Phrase, i: number, j: number): { n: number; unit: Unit; to: number } | null {
  const word = wordAt(p, i, j);
  const glued = /^([0-9]{1,4})([a-z]+)$/.exec(word);
  const n = glued ? Number(glued[1]) : number(word);
  const unit = glued ? gluedUnits[glued[2]!] : units[wordAt(p, i, j + 1)];
  return n && unit ? { n, unit, to: glued ? j + 1 : j + 2 } : null;
}
