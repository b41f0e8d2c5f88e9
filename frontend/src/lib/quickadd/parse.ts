import { meaningOf } from "./meaning";
import { atomsOf } from "./atoms";
import type { Language } from "./language";
import { clockOf, single, type When } from "./resolve";
import { type Atoms, readIn } from "./rewriting";
import { series } from "./series";
import { type Part, partsOf, repeats, titleOf, without } from "./title";
import { type Token, tokenize, trim } from "./token";

export type { Kind } from "./atom";
export type { Part } from "./title";

/** What the meaning of a text depends on. */
export interface Options {
  now: Date;
  /** The user's time zone. */
  zone: string;
  /** The first day of a week, 0 for Monday. */
  weekStart: number;
  /** "en-US" writes the month first in 12/24; all others the day. */
  locale: string;
  /** That is read beside English: the one of the locale, if it has one. */
  language?: Language | null;
  /** Whether a project has this name, which has a slash: then it is no section of another. */
  isProject?: (name: string) => boolean;
  /** Parts of the text that are title whatever they say. */
  plain?: readonly (readonly [from: number, to: number])[];
}

/** The meaning of a text. What is absent was not named. */
export interface Parsed {
  title: string;
  /** A day without a time, such as 2026-12-24. */
  dueDate?: string;
  dueAt?: Date;
  /** RFC 5545, with the parts that were named. */
  rrule?: string;
  /** Present if the series counts from its completions. */
  mode?: "completion";
  priority?: string;
  project?: string;
  /** Of the project. */
  section?: string;
  tags: string[];
  parts: Part[];
}

/** The words of a text, and the parts of it that have a meaning. */
export function read(
  text: string,
  { now, zone, weekStart, locale, language, plain = [] }: Options,
): Atoms & { tokens: Token[] } {
  const tokens = tokenize(text, plain);
  const phrase = { tokens, locale, today: clockOf(now, zone).today, weekStart };
  if (language) return { tokens, ...readIn(language, phrase) };
  const { atoms } = atomsOf(phrase);
  return { tokens, atoms, located: atoms };
}

/**
 * Reads a task in plain language: "pay rent every 1st at 9am #home !high". What is not wholly understood is not understood
 * at all: then the whole text is the title. It is the grammar of functions/tasks/internal/quickadd, and the tests compare
 * the two.
 */
export function parse(text: string, options: Options): Parsed {
  const nothing: Parsed = { title: trim(text), tags: [], parts: [] };
  const clock = clockOf(options.now, options.zone);
  const { tokens, atoms, located } = read(text, options);
  const m = atoms.length ? meaningOf(atoms) : null;
  if (!m) return nothing;
  const { rule, minutes } = m;
  const named = m.time !== undefined || m.start !== undefined || m.days.length > 0;
  let when: (When & { rrule?: string }) | null = {};
  if (minutes) when = named || rule ? null : { dueAt: new Date(clock.now.getTime() + minutes * 60_000) };
  else if (rule) when = series(clock, { ...m, rule });
  else if (named) when = single(clock, m);
  const rest = without(tokens, located);
  const title = titleOf(text, rest);
  if (!when || !title || repeats(rest)) return nothing;
  return {
    title,
    ...when,
    ...(rule?.completion ? { mode: "completion" } : {}),
    ...(m.priority && m.priority !== "none" ? { priority: m.priority } : {}),
    ...(m.project ? inProject(m.project, options.isProject) : {}),
    tags: m.tags,
    parts: partsOf(tokens, located),
  };
}

/** What "#home/kitchen" says: a section of a project, unless a project is called so. */
function inProject(
  name: string,
  isProject?: (name: string) => boolean,
): { project: string; section?: string } {
  const at = name.indexOf("/");
  if (at < 0 || at === name.length - 1 || isProject?.(name)) return { project: name };
  return { project: name.slice(0, at), section: name.slice(at + 1) };
}
