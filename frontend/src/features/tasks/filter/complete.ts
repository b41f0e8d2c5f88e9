import * as words from "@/messages/queryHints";
import { priorities } from "../task";
import { fold, sameName } from "../view/search";
import { FilterError } from "./filter";
import { nameText as name, wordsText } from "./format";
import { lex, type Token } from "./lexer";
import { expectedAfter } from "./parser";

export interface Completion {
  /** The part of the query that it replaces. */
  from: number;
  to: number;
  options: { text: string; hint: string }[];
}

export interface Names {
  projects: readonly string[];
  sections: readonly string[];
  tags: readonly string[];
}

const mostOptions = 8;

const hints: Record<string, () => string> = {
  today: words.dueToday,
  tomorrow: words.dueTomorrow,
  yesterday: words.dueYesterday,
  overdue: words.overdue,
  due: words.due,
  no: words.without,
  has: words.having,
  next: words.next,
  this: words.thisPeriod,
  last: words.last,
  created: words.created,
  updated: words.updated,
  completed: words.completed,
  priority: words.priority,
  recurring: words.recurring,
  subtask: words.subtask,
  not: words.not,
  "text:": words.text,
  "section:": words.inSection,
  "#": words.inProject,
  "@": words.withTag,
  "!": words.withPriority,
  "(": words.group,
  "&": words.and,
  "|": words.or,
  ")": words.groupEnd,
  before: words.before,
  by: words.by,
  since: words.since,
  after: words.after,
};

/** What could be written at a place of a query. */
export function completeFilter(query: string, caret: number, names: Names): Completion {
  const none = { from: caret, to: caret, options: [] };
  let tokens: Token[];
  try {
    tokens = lex(query.slice(0, caret));
  } catch (error) {
    if (error instanceof FilterError) return none;
    throw error;
  }
  const inSection = completeSection(query, caret, tokens, names.sections);
  if (inSection) return inSection;
  const end = tokens.at(-1) as Token;
  const last = tokens.at(-2);
  const isPart = last?.to === caret && ["word", "#", "@", "!"].includes(last.kind);
  const part = isPart ? last : undefined;
  const before = part ? [...tokens.slice(0, -2), end] : tokens;
  const typed = part ? query.slice(part.from, part.to) : "";
  const from = part?.from ?? caret;
  const expected = expectedAfter(query, before).flatMap((word) => namesFor(word, typed, names));
  const options = expected
    .filter((word) => bare(word).startsWith(bare(typed)) && word !== typed)
    .slice(0, mostOptions)
    .map((text) => ({ text, hint: hints[text]?.() ?? "" }));
  return { from, to: caret, options };
}

/** The names of sections that begin with the words after `section:`; null if the caret is elsewhere, or there are none. */
function completeSection(
  query: string,
  caret: number,
  tokens: readonly Token[],
  sections: readonly string[],
): Completion | null {
  const mark = tokens.findLastIndex(({ kind }) => kind !== "word" && kind !== "end");
  if (tokens[mark]?.kind !== "section") return null;
  const words = tokens.slice(mark + 1, -1);
  if (words.some(({ value }) => value === "and" || value === "or")) return null;
  const from = words[0]?.from ?? caret;
  const typed = query.slice(from, caret);
  const options = sections
    .filter((section) => bare(section).startsWith(bare(typed)) && !sameName(section, typed.trim()))
    .slice(0, mostOptions)
    .map((section) => ({ text: wordsText(section), hint: "" }));
  return options.length > 0 ? { from, to: caret, options } : null;
}

const bare = (text: string) => fold(text).replaceAll('"', "");

/** The names that follow a sign, once it is typed. */
function namesFor(word: string, typed: string, { projects, tags }: Names): string[] {
  if (!typed || !typed.startsWith(word)) return [word];
  if (word === "#") return projects.map((project) => `#${name(project)}`);
  if (word === "@") return tags.map((tag) => `@${name(tag)}`);
  if (word === "!") return priorities.toReversed().map((priority) => `!${priority}`);
  return [word];
}

/** A query in which a completion is taken, and where the caret is then. */
export function take(
  query: string,
  { from, to }: Completion,
  text: string,
): { query: string; caret: number } {
  const open = ["#", "@", "!", "("].includes(text);
  const rest = query.slice(to);
  const inserted = open || rest.startsWith(" ") ? text : `${text} `;
  const caret = from + inserted.length + (open || !rest.startsWith(" ") ? 0 : 1);
  return { query: query.slice(0, from) + inserted + rest, caret };
}
