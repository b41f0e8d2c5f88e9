import type { Day } from "./day";
import { dated, type Rule } from "./rule";
import type { Unit } from "./words";

/** What a part of the text says. */
export type Kind = "due" | "repeat" | "priority" | "project" | "tag";

/** A part of the text that has a meaning: the words from one token to before another. */
export interface Atom {
  from: number;
  to: number;
  kind: Kind;
  needs?: Need[];
  /** Of the due. */
  day?: DayWord | undefined;
  /** The last day of a range that begins with day or start. */
  end?: DayWord | undefined;
  /** "starting monday" */
  start?: DayWord | undefined;
  /** "until 31 december" */
  until?: DayWord | undefined;
  /** "at 5pm" */
  time?: TimeWord | undefined;
  /** "in 2 hours" */
  minutes?: number | undefined;
  /** "every 2 weeks" */
  rule?: Rule | undefined;
  /** "for 3 weeks" */
  span?: Span | undefined;
  /** "after completion" */
  after?: boolean | undefined;
  /** "and evening" after "every morning" */
  another?: boolean | undefined;
  /** "friday" after "before" */
  blocked?: boolean | undefined;
  /** The priority, project or tag. */
  label?: string | undefined;
}

/** Whether the atom says when, and not what. */
export const scheduled = ({ kind, another }: Atom): boolean =>
  (kind === "due" || kind === "repeat") && !another;

/** Whether the atom names a time of day. */
export const timed = ({ time, rule }: Atom): boolean => (time ?? rule?.time) !== undefined;

/** Whether the atom is "every year", without a day. */
export const yearly = ({ rule }: Atom): boolean => rule?.frequency === "YEARLY" && !dated(rule);

/** Whether the atom says on which days, in whatever way. */
export const namesDay = (atom: Atom): boolean =>
  [atom.day, atom.start, atom.minutes].some((named) => named !== undefined) ||
  (atom.rule !== undefined && !yearly(atom)) ||
  atom.time?.today === true;

/**
 * What must stand around an atom for it to count, one of all that it needs: its words are common in titles too.
 * `end` nothing but other atoms follows · `beginning` it begins the text · `after due` another due or repetition ends
 * directly before it · `after due at end` the same, and it ends the text · `near due` another due or repetition is
 * beside it · `rule` there is a repetition · `rule near` there is one, and another atom or an end of the text is beside it ·
 * `time behind` a time or "every year" is directly behind it, only other atoms follow, and none names a day
 */
export type Need =
  "end" | "beginning" | "after due" | "after due at end" | "near due" | "rule" | "rule near" | "time behind";

/**
 * A named day. `fixed` is a date with its year, or one that is counted from today; `weekday` the coming one;
 * `month day` the next 15th; `year day` the next 24 December. A date that also names its weekday has both.
 */
export type DayWord =
  | { form: "fixed"; fixed: Day; weekday?: number | undefined; week?: boolean }
  | { form: "weekday"; weekday: number }
  | { form: "month day"; dom: number; weekday?: number | undefined }
  | { form: "year day"; month: number; dom: number; weekday?: number | undefined };

/** A time of day. */
export interface TimeWord {
  hour: number;
  minute: number;
  /**
   * How it was written: beside a part of the day, "7" and "7:30" mean another hour than alone. `exact` 5pm, noon ·
   * `clock` 17:00, 7:30 · `bare` at 7 · `part` morning · `midnight` 00:00 of the day after, and up
   * to an hour later
   */
  form: "exact" | "clock" | "bare" | "part" | "midnight";
  /** Of `part`: "morning", "night", "at night"; else "". The small hours are a part of the last, but not of "friday night". */
  part: string;
  /** "tonight" */
  today?: boolean;
  /** Today unless another day is named: "eod". */
  weakToday?: boolean;
  /** "at 3 at night": today's are those of the coming night. */
  small?: boolean;
}

/** The length of a series: "for 3 weeks", or without a unit of N times. */
export interface Span {
  n: number;
  unit?: Unit;
}
