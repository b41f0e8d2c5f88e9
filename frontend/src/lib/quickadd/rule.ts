import type { TimeWord } from "./atom";
import type { Frequency } from "./words";

/** A recurrence rule: the part of RFC 5545 that words can name. */
export interface Rule {
  frequency: Frequency;
  interval: number;
  months: number[];
  monthDays: number[];
  /** Each weekday, and the how manieth of its month it is; 0 for each. */
  weekdays: { nth: number; weekday: number }[];
  setPosition: number;
  completion: boolean;
  /** "every morning" */
  time?: TimeWord;
}

export const ruleOf = (frequency: Frequency, interval = 1): Rule => ({
  frequency,
  interval,
  months: [],
  monthDays: [],
  weekdays: [],
  setPosition: 0,
  completion: false,
});

/** Whether the rule names its days, and not only how often it recurs. */
export const dated = ({ months, monthDays, weekdays }: Rule): boolean =>
  months.length + monthDays.length + weekdays.length > 0;

/** Whether the rule names more than one day of a month. */
export const several = ({ monthDays, weekdays, setPosition }: Rule): boolean =>
  !setPosition && monthDays.length + weekdays.length > 1;

const codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Writes the rule, with its COUNT or UNTIL. */
export function ruleText(rule: Rule, count: number, until: string): string {
  const weekdays = rule.weekdays.map(({ nth, weekday }) => (nth ? String(nth) : "") + codes[weekday]);
  const parts: [string, string][] = [
    ["FREQ", rule.frequency],
    ["INTERVAL", rule.interval > 1 ? String(rule.interval) : ""],
    ["COUNT", count ? String(count) : ""],
    ["UNTIL", until],
    ["BYMONTH", rule.months.join(",")],
    ["BYMONTHDAY", rule.monthDays.join(",")],
    ["BYDAY", weekdays.join(",")],
    ["BYSETPOS", rule.setPosition ? String(rule.setPosition) : ""],
  ];
  return parts
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${value}`)
    .join(";");
}

/** A rule for weekdays, in the order of the week. */
export const weekly = (interval: number, weekdays: readonly number[]): Rule => ({
  ...ruleOf("WEEKLY", interval),
  weekdays: [...new Set(weekdays)].sort((a, b) => a - b).map((weekday) => ({ nth: 0, weekday })),
});
