import type { Recurrence } from "../task";
import { formatRule, type Frequency, type Rule, everyDay, type Weekday } from "../recurrence/rule";

const days: Record<string, Weekday> = {
  mon: "MO",
  tue: "TU",
  wed: "WE",
  thu: "TH",
  fri: "FR",
  sat: "SA",
  sun: "SU",
};

const units: Record<string, Frequency> = { day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY" };
const adverbs: Record<string, Frequency> = {
  daily: "DAILY",
  weekly: "WEEKLY",
  monthly: "MONTHLY",
  yearly: "YEARLY",
};
const counts: Record<string, number> = { other: 2, second: 2, third: 3, two: 2, three: 3, four: 4, first: 1 };

const day = "(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?";
const list = `${day}(?:(?:\\s*,\\s*|\\s*&\\s*|\\s+and\\s+)${day})*`;
const nth = "(?:\\d{1,2}(?:st|nd|rd|th)|last|first|second|third|fourth)";

/** The phrases after "every", longest first. */
const after = [
  `${nth}\\s+${day}(?:\\s+of\\s+(?:the|each|every)\\s+month)?`,
  `(?:(?:other|\\d{1,3}|two|three|four)\\s+)?(?:weeks?\\s+on\\s+${list})`,
  `(?:(?:other|\\d{1,3}|two|three|four)\\s+)?(?:day|week|month|year)s?\\b(?!\\s+on\\b)`,
  `(?:other\\s+)?${list}`,
  "weekdays?|workdays?",
  "weekends?",
  `last\\s+day(?:\\s+of\\s+(?:the|each|every)\\s+month)?`,
  `\\d{1,2}(?:st|nd|rd|th)(?:\\s+of\\s+(?:the|each|every)\\s+month)?`,
].join("|");

const pattern = new RegExp(
  `(?<=^|\\s)(?:every(!)?\\s+(?:the\\s+)?(${after})|(daily|weekly|monthly|yearly))(\\s+after\\s+completion)?(?=$|[\\s,.])`,
  "i",
);

export interface FoundRepeat {
  index: number;
  text: string;
  recurrence: Recurrence;
}

/** Finds a recurrence: every 2 weeks, every 1st, every! 3 days (counted from the completion). */
export function findRepeat(text: string): FoundRepeat | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [whole, bang, said, adverb, suffix] = match;
  const rule = adverb
    ? { ...everyDay, frequency: adverbs[adverb.toLowerCase()] ?? "DAILY" }
    : read(said ?? "");
  if (!rule) return null;
  const mode = bang || suffix ? "completion" : "schedule";
  return { index: match.index, text: whole, recurrence: { rrule: formatRule(rule), mode } };
}

function read(said: string): Rule | null {
  const words = said.toLowerCase().trim();
  const weekly: Rule = { ...everyDay, frequency: "WEEKLY" };
  const monthly: Rule = { ...everyDay, frequency: "MONTHLY" };
  if (/^(weekday|workday)s?$/.test(words)) return { ...weekly, weekdays: ["MO", "TU", "WE", "TH", "FR"] };
  if (/^weekends?$/.test(words)) return { ...weekly, weekdays: ["SA", "SU"] };
  if (/^last\s+day/.test(words)) return { ...monthly, monthDay: { kind: "date", day: -1 } };

  const named = new RegExp(`^(${nth})\\s+(${day})`).exec(words);
  if (named?.[1] && named[2]) {
    const weekday = weekdayOf(named[2]);
    const which = ordinalOf(named[1]);
    if (!weekday || which === 0 || which > 5) return null;
    return { ...monthly, monthDay: { kind: "weekday", nth: which, weekday } };
  }
  const date = /^(\d{1,2})(?:st|nd|rd|th)/.exec(words);
  if (date) {
    const number = Number(date[1]);
    return number >= 1 && number <= 31 ? { ...monthly, monthDay: { kind: "date", day: number } } : null;
  }
  const unit = /^(?:(\w+)\s+)?(day|week|month|year)s?(?:\s+on\s+(.+))?$/.exec(words);
  if (unit?.[2]) {
    const interval = unit[1] ? (counts[unit[1]] ?? Number(unit[1])) : 1;
    if (!Number.isInteger(interval) || interval < 1) return null;
    return {
      ...everyDay,
      frequency: units[unit[2]] ?? "DAILY",
      interval,
      weekdays: unit[3] ? weekdaysOf(unit[3]) : [],
    };
  }
  const other = words.startsWith("other ");
  const named_ = weekdaysOf(other ? words.slice(6) : words);
  return named_.length > 0 ? { ...weekly, interval: other ? 2 : 1, weekdays: named_ } : null;
}

const weekdayOf = (word: string): Weekday | undefined => days[word.slice(0, 3)];

function weekdaysOf(text: string): Weekday[] {
  return text.split(/\s*(?:,|&|\band\b)\s*/).flatMap((word) => weekdayOf(word) ?? []);
}

function ordinalOf(word: string): number {
  const names: Record<string, number> = { last: -1, first: 1, second: 2, third: 3, fourth: 4 };
  return names[word] ?? (Number.parseInt(word, 10) || 0);
}
