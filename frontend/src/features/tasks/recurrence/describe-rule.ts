import * as words from "@/messages/recurrence";
import { formatShortDate } from "@/lib/time/days";
import { formatList, perLocale } from "@/lib/words/per-locale";
import { dayOf } from "../view/due";
import type { SeriesStart } from "./series-start";
import { type MonthDay, parseRule, type Rule, type Weekday, weekdays } from "./rule";

const weekdayFormats = {
  long: perLocale((tag) => new Intl.DateTimeFormat(tag, { weekday: "long", timeZone: "UTC" })),
  short: perLocale((tag) => new Intl.DateTimeFormat(tag, { weekday: "short", timeZone: "UTC" })),
};

/** The name of a day of the week, such as Monday or Mon. */
export const weekdayName = (day: Weekday, length: "long" | "short" = "long"): string =>
  // 1 January 2024 was a Monday.
  weekdayFormats[length]().format(Date.UTC(2024, 0, 1 + weekdays.indexOf(day)));

const nthOf = ({ nth, weekday }: Extract<MonthDay, { kind: "weekday" }>) => ({
  nth: nth === -1 ? "last" : String(nth),
  weekday: weekdayName(weekday),
});

/** A day of a month in words: On the last Friday. */
export function describeMonthDay(day: MonthDay): string {
  if (day.kind === "weekday") return words.onWeekday(nthOf(day));
  return day.day === -1 ? words.onLastDay() : words.onDay({ day: day.day });
}

/** A rule in words: every 2 weeks on Monday and Thursday. What the editor does not support stays as it is. */
export function describeRule(text: string, start: SeriesStart | null = null): string {
  const parsed = parseRule(text, start);
  if (!parsed) return text;
  const rule = describeFrequency(parsed);
  switch (parsed.end.kind) {
    case "never":
      return rule;
    case "count":
      return words.times({ rule, count: parsed.end.count });
    case "until":
      return words.until({ rule, date: formatShortDate(dayOf(parsed.end.until)) });
  }
}

function describeFrequency({ frequency, interval: count, weekdays: days, monthDay }: Rule): string {
  switch (frequency) {
    case "DAILY":
      return words.daily({ count });
    case "WEEKLY": {
      const working = days.length === 5 && !days.some((day) => day === "SA" || day === "SU");
      if (working && count === 1) return words.everyWeekday();
      if (days.length === 0) return words.weekly({ count });
      return words.weeklyOn({ count, days: formatList(days.map((day) => weekdayName(day))) });
    }
    case "MONTHLY":
      if (!monthDay) return words.monthly({ count });
      if (monthDay.kind === "weekday") return words.monthlyOnWeekday({ count, ...nthOf(monthDay) });
      return monthDay.day === -1
        ? words.monthlyOnLastDay({ count })
        : words.monthlyOnDay({ count, day: monthDay.day });
    case "YEARLY":
      return words.yearly({ count });
  }
}
