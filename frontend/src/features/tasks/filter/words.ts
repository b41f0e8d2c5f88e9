import { type DateOp, weekdays } from "./filter";

/** The words of the query language, by what they mean. */
export const operators = new Map<string, DateOp>([
  ["<", "before"],
  ["<=", "by"],
  ["=", "on"],
  [">=", "since"],
  [">", "after"],
]);
export const days = new Map([
  ["today", 0],
  ["tomorrow", 1],
  ["yesterday", -1],
]);
export const turns = new Map<string, -1 | 0 | 1>([
  ["last", -1],
  ["this", 0],
  ["next", 1],
]);
export const starts = [
  ...["today", "tomorrow", "overdue", "due", "no", "has", "next", "this", "last", "created", "updated"],
  ...[
    "completed",
    "priority",
    "recurring",
    "subtask",
    "yesterday",
    "not",
    "text:",
    "section:",
    "#",
    "@",
    "!",
    "(",
  ],
];
export const dayStarts = [...days.keys(), "in", ...turns.keys(), ...weekdays, "2"];
/** Days as they can be written. */
export const dayExamples = "today, friday, in 3 days, next week, 2026-12-24";

/** Whether there is such a day, which 2026-02-30 is not. */
export function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
