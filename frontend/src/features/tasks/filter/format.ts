import type { Day, Filter, Unit } from "./filter";
import { weekdays } from "./filter";

/** Writes a filter as a query; parsing that gives the filter again. */
export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case "and":
      return filter.parts.map((part) => grouped(part, isList(part))).join(" & ");
    case "or":
      return filter.parts.map((part) => grouped(part, part.kind === "or")).join(" | ");
    case "not":
      return `not ${grouped(filter.part, isList(filter.part))}`;
    case "project":
      return `#${nameText(filter.text)}`;
    case "tag":
      return `@${nameText(filter.text)}`;
    case "section":
    case "text":
      return `${filter.kind}: ${wordsText(filter.text)}`;
    case "priority":
      return filter.op === "=" ? `!${filter.priority}` : `priority ${filter.op} ${filter.priority}`;
    case "has":
      return `${filter.has ? "has" : "no"} ${filter.what}`;
    case "state":
      return filter.state;
    case "date":
      return date(filter);
    case "within": {
      const { field, back, n, unit } = filter;
      return `${field === "due" ? "" : `${field} `}${back ? "last" : "next"} ${amount(n, unit)}`;
    }
  }
}

const isList = ({ kind }: Filter) => kind === "and" || kind === "or";
const grouped = (part: Filter, inParentheses: boolean) =>
  inParentheses ? `(${formatFilter(part)})` : formatFilter(part);

/** Words that are read as text again, and not as something else. */
const plainWords =
  /^(?!(?:.* )?(?:and|or|(?:text|section):\S*)(?: |$))[^\s()&|"<>=!#@\\:]+(?: [^\s()&|"<>=!#@\\:]+)*$/isu;

const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
/** Words as they follow text: or section:. */
export const wordsText = (text: string) => (plainWords.test(text) ? text : quote(text));
/** A name as it follows # or @. */
export const nameText = (text: string) => (/^[^\s()&|"\\]+$/u.test(text) ? text : quote(text));
const amount = (n: number, unit: Unit) => `${n} ${unit}${n === 1 ? "" : "s"}`;

function date({ field, op, day }: Extract<Filter, { kind: "date" }>): string {
  const text = dayText(day);
  if (field === "due" && op === "on" && (Object.hasOwn(near, text) || day.kind === "period")) return text;
  return `${field}${op === "on" ? "" : ` ${op}`} ${text}`;
}

const near: Record<string, number> = { today: 0, tomorrow: 1, yesterday: -1 };

function dayText(day: Day): string {
  switch (day.kind) {
    case "date":
      return day.date;
    case "weekday":
      return weekdays[day.weekday] ?? "";
    case "period":
      return `${["last", "this", "next"][day.n + 1]} ${day.unit}`;
    case "away": {
      const { n, unit } = day;
      const known = unit === "day" ? Object.keys(near).find((word) => near[word] === n) : undefined;
      return known ?? (n < 0 ? `${amount(-n, unit)} ago` : `in ${amount(n, unit)}`);
    }
  }
}
