import { lastDay, type SeriesStart } from "./series-start";

/** The days of a week as RFC 5545 names them, Monday first. */
export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof weekdays)[number];

export const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
export type Frequency = (typeof frequencies)[number];

/** A day of a month: the 1st to the 31st, the last (-1), or a weekday such as the second Tuesday or the last Friday. */
export type MonthDay = { kind: "date"; day: number } | { kind: "weekday"; nth: number; weekday: Weekday };

/** A rule that the editor supports; others are edited as text. */
export interface Rule {
  frequency: Frequency;
  interval: number;
  /** For a weekly rule; an empty list means the day of the due date. */
  weekdays: Weekday[];
  /** For a monthly rule; if absent, the day of the due date. */
  monthDay: MonthDay | null;
  /** The first day of a week; null is Monday. It decides which weeks an interval leaves out. */
  weekStart: Weekday | null;
  end: { kind: "never" } | { kind: "count"; count: number } | { kind: "until"; until: string };
}

export const everyDay: Rule = {
  frequency: "DAILY",
  interval: 1,
  weekdays: [],
  monthDay: null,
  weekStart: null,
  end: { kind: "never" },
};

/**
 * Parses a rule (RFC 5545, 3.3.10); null if it has parts that the editor does not support. The start tells on which day a series
 * ends whose UNTIL is a time.
 */
export function parseRule(text: string, start: SeriesStart | null = null): Rule | null {
  const parts = new Map<string, string>();
  for (const part of text
    .toUpperCase()
    .replace(/^RRULE:/, "")
    .split(";")) {
    const [name, value] = part.split("=");
    if (!name || !value || parts.has(name)) return null;
    parts.set(name, value);
  }
  const frequency = frequencies.find((f) => f === parts.get("FREQ"));
  const interval = Number(parts.get("INTERVAL") ?? 1);
  if (!frequency || !Number.isInteger(interval) || interval < 1) return null;
  const rule: Rule = { ...everyDay, frequency, interval };
  const byDay = parts.get("BYDAY");
  const byMonthDay = parts.get("BYMONTHDAY");
  if (byDay && frequency === "WEEKLY") {
    const days = byDay.split(",");
    rule.weekdays = weekdays.filter((day) => days.includes(day));
    if (rule.weekdays.length !== days.length) return null;
  } else if (byDay && frequency === "MONTHLY" && !byMonthDay) {
    const [, nth, day] = /^(\+?[1-5]|-1)(MO|TU|WE|TH|FR|SA|SU)$/.exec(byDay) ?? [];
    if (!nth || !day) return null;
    rule.monthDay = { kind: "weekday", nth: Number(nth), weekday: day as Weekday };
  } else if (byDay) return null;
  if (byMonthDay) {
    const day = Number(byMonthDay);
    const known = Number.isInteger(day) && day <= 31 && (day >= 1 || day === -1);
    if (frequency !== "MONTHLY" || byDay || !known) return null;
    rule.monthDay = { kind: "date", day };
  }
  const weekStart = parts.get("WKST");
  if (weekStart) {
    rule.weekStart = weekdays.find((day) => day === weekStart) ?? null;
    if (!rule.weekStart) return null;
  }
  const count = parts.get("COUNT");
  const until = parts.get("UNTIL");
  if (count && until) return null;
  if (count) rule.end = { kind: "count", count: Number(count) };
  if (until) {
    const day = lastDay(until, start);
    if (!day) return null;
    rule.end = { kind: "until", until: day };
  }
  const known = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"];
  return [...parts.keys()].every((name) => known.includes(name)) ? rule : null;
}

/** Formats a rule. */
export function formatRule(rule: Rule): string {
  const parts = [`FREQ=${rule.frequency}`];
  if (rule.interval > 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.frequency === "WEEKLY" && rule.weekdays.length > 0) {
    parts.push(`BYDAY=${weekdays.filter((day) => rule.weekdays.includes(day)).join(",")}`);
  }
  if (rule.frequency === "MONTHLY" && rule.monthDay) {
    const { monthDay } = rule;
    parts.push(
      monthDay.kind === "date" ? `BYMONTHDAY=${monthDay.day}` : `BYDAY=${monthDay.nth}${monthDay.weekday}`,
    );
  }
  if (rule.weekStart) parts.push(`WKST=${rule.weekStart}`);
  if (rule.end.kind === "count") parts.push(`COUNT=${rule.end.count}`);
  if (rule.end.kind === "until") parts.push(`UNTIL=${rule.end.until.replaceAll("-", "")}`);
  return parts.join(";");
}
