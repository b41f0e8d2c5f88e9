import { localZone } from "@/lib/time/zone";
import type { NewTask, Priority } from "../task";
import { at, laterToday, morning } from "../view/due-choices";
import { findRepeat } from "./repeat";

/** A recognized part of the text, with its place. */
export interface Part {
  kind: "due" | "repeat" | "project" | "tag" | "priority";
  text: string;
  start: number;
  end: number;
}

export interface Parsed {
  task: NewTask;
  parts: Part[];
  /** Whether the due time still has to be computed from the recurrence rule. */
  dueByRule: { timeOfDay: Date } | null;
}

/** Finds dates and times in English, with chrono once it is loaded. */
export type DateFinder = (
  text: string,
  now: Date,
) => { index: number; text: string; date: Date; hasTime: boolean; hasDay: boolean } | null;

const priorities: Record<string, Priority> = {
  urgent: "urgent",
  high: "high",
  medium: "medium",
  low: "low",
  none: "none",
  "1": "urgent",
  "2": "high",
  "3": "medium",
  "4": "low",
};

/**
 * Parses a task in plain language: `pay rent every 1st at 9am #home @money !high`. The parts taken out of the title are
 * returned; a part that the user has dismissed stays in the title.
 */
export function parseQuickAdd(
  text: string,
  now: Date,
  findDate: DateFinder | null,
  refused: ReadonlySet<string> = new Set(),
): Parsed {
  // Recognized parts are blanked, so that positions stay valid and nothing is parsed twice.
  let rest = text;
  const parts: Part[] = [];
  const task: NewTask = { title: "" };
  const take = (kind: Part["kind"], start: number, said: string): boolean => {
    if (refused.has(said.toLowerCase())) return false;
    parts.push({ kind, text: said, start, end: start + said.length });
    rest = rest.slice(0, start) + "\u0000".repeat(said.length) + rest.slice(start + said.length);
    return true;
  };

  for (const match of text.matchAll(/(?<=^|\s)([#@])(?:"([^"]+)"|([\p{L}\p{N}][\p{L}\p{N}_/&.-]*))/gu)) {
    const name = (match[2] ?? match[3] ?? "").replace(/[.]+$/, "");
    const said = match[2] ? match[0] : match[1] + name;
    if (!name || !take(match[1] === "#" ? "project" : "tag", match.index, said)) continue;
    if (match[1] === "#") task.project = name;
    else task.tags = [...new Set([...(task.tags ?? []), name])];
  }
  for (const match of text.matchAll(/(?<=^|\s)(?:!(urgent|high|medium|low|none|[1-4])|p([1-4]))(?=$|\s)/gi)) {
    const priority = priorities[(match[1] ?? match[2] ?? "").toLowerCase()];
    if (priority && take("priority", match.index, match[0])) task.priority = priority;
  }
  const repeat = findRepeat(rest);
  if (repeat && take("repeat", repeat.index, repeat.text)) task.recurrence = repeat.recurrence;

  const found = findDate?.(rest, now);
  let dueByRule: Parsed["dueByRule"] = null;
  if (found && take("due", found.index, found.text)) {
    const due = found.hasTime ? found.date : dayWithoutTime(found.date, now);
    if (task.recurrence && !found.hasDay) dueByRule = { timeOfDay: due };
    task.due_at = due.toISOString();
  } else if (task.recurrence) {
    const timeOfDay = at(now, morning);
    dueByRule = { timeOfDay };
    task.due_at = timeOfDay.toISOString();
  }
  if (task.due_at) task.timezone = localZone();

  const title = rest
    .replace(/\u0000+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  task.title = title.replace(/\s+(?:at|on|by|due)$/i, "");
  parts.sort((a, b) => a.start - b.start);
  return { task, parts, dueByRule };
}

function dayWithoutTime(day: Date, now: Date): Date {
  return day.toDateString() === now.toDateString() ? laterToday(now) : at(day, morning);
}
