import { localZone } from "./zone";

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** What this browser knows about its user's place, for a registration. */
export function browserPlace() {
  const locale = navigator.language;
  return { timezone: localZone(), locale, week_start: firstDay(locale) };
}

/** The first day of the week of a locale; undefined in browsers that do not know it: the server does. */
function firstDay(tag: string) {
  // A method in the standard, a property in earlier versions of Chromium.
  type WeekInfo = { firstDay: number };
  const locale = new Intl.Locale(tag) as Intl.Locale & { getWeekInfo?(): WeekInfo; weekInfo?: WeekInfo };
  const info = locale.getWeekInfo?.() ?? locale.weekInfo;
  return info && days[info.firstDay - 1];
}
