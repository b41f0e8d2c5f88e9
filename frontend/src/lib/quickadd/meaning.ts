import type { Atom, DayWord, Span, TimeWord } from "./atom";
import type { Rule } from "./rule";

/** What all atoms of a text say together. */
export interface Meaning {
  days: DayWord[];
  time?: TimeWord | undefined;
  minutes?: number | undefined;
  rule?: Rule | undefined;
  start?: DayWord | undefined;
  /** Of a range of days. */
  end?: DayWord | undefined;
  until?: DayWord | undefined;
  span?: Span | undefined;
  priority?: string | undefined;
  project?: string | undefined;
  tags: string[];
}

/** Null if two atoms contradict each other, or say what one task cannot be: "at 8am and 8pm". */
export function meaningOf(atoms: readonly Atom[]): Meaning | null {
  const m: Meaning = { days: [], tags: [] };
  let completion = false;
  for (const atom of atoms) {
    const ok =
      !atom.another &&
      addLabel(m, atom) &&
      addTime(m, atom.time) &&
      once(m, "minutes", atom.minutes) &&
      once(m, "rule", atom.rule) &&
      once(m, "start", atom.start) &&
      once(m, "until", atom.until) &&
      once(m, "span", atom.span) &&
      addTime(m, atom.rule?.time);
    if (!ok) return null;
    if (atom.day) m.days.push(atom.day);
    if (atom.end) m.end = atom.end;
    completion ||= atom.after ?? false;
  }
  if (m.rule && completion) m.rule = { ...m.rule, completion };
  return m;
}

/** Sets what is said, unless it was said before. */
function once<Name extends "minutes" | "rule" | "start" | "until" | "span">(
  m: Meaning,
  name: Name,
  said: Meaning[Name],
): boolean {
  if (said === undefined) return true;
  if (m[name] !== undefined) return false;
  m[name] = said;
  return true;
}

function addLabel(m: Meaning, { kind, label = "" }: Atom): boolean {
  switch (kind) {
    case "priority":
      if (m.priority && m.priority !== label) return false;
      m.priority = label;
      break;
    case "project":
      m.project = label;
      break;
    case "tag":
      if (!m.tags.includes(label)) m.tags.push(label);
  }
  return true;
}

/** Adds a time of day. A part of the day and a time within it are one: "tomorrow evening at 7". */
function addTime(m: Meaning, time: TimeWord | undefined): boolean {
  if (!time || !m.time) {
    m.time ??= time;
    return true;
  }
  let [a, b] = [m.time, time];
  if (a.form !== "part") [a, b] = [b, a];
  if (a.form === "part" && b.form !== "part") {
    const meant = timeWithin(a, b);
    if (!meant) return false;
    b = meant;
  } else {
    // The same time may have two forms: "12:00 at noon".
    const isMidnight = a.form === "midnight";
    const same = a.hour === b.hour && a.minute === b.minute && a.part === b.part;
    if (!same || isMidnight !== (b.form === "midnight")) return false;
  }
  const today = Boolean(a.today || b.today);
  const weakToday = Boolean(a.weakToday || b.weakToday);
  m.time = { ...b, today, weakToday };
  return true;
}

/** The hours of each part of the day, from the first to before the second. */
const partHours: Record<string, [number, number] | undefined> = {
  morning: [0, 12],
  afternoon: [12, 19],
  evening: [16, 24],
  night: [18, 24],
  "at night": [0, 24],
};

/** The first hour that is not a small one. */
const dawn = 6;

/** A time as it is meant in a part of the day: 7 in the morning, 7:30 in the evening. */
function timeWithin({ part }: TimeWord, time: TimeWord): TimeWord | null {
  const late = part !== "morning";
  const night = part === "night" || part === "at night";
  const [first, last] = partHours[part] ?? [0, 0];
  let { hour } = time;
  if (time.form === "midnight") return night ? time : null;
  if (night && (hour === 0 || (hour === 12 && time.form !== "exact"))) {
    return { ...time, hour: 0, form: "midnight" };
  }
  const isEither = (time.form === "bare" && hour !== 12) || (time.form === "clock" && hour < 12 && late);
  const small = isEither && part === "at night" && hour % 12 < dawn;
  if (isEither) hour = (hour % 12) + (late && !small ? 12 : 0);
  if (hour < first || hour >= last) return null;
  return { ...time, hour, form: "exact", small };
}
