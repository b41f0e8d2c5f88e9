import { calendar, type Unit } from "./words";

/** A date of the Gregorian calendar, as the number of days since 1970-01-01. */
export type Day = number;

/** A date, if the calendar has it. */
export function dateOf(year: number, month: number, dom: number): Day | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || dom < 1 || dom > monthLength(year, month)) {
    return null;
  }
  return days(year, month, dom);
}

/** Counts from the epoch; see Howard Hinnant, chrono-compatible low-level date algorithms, days_from_civil. */
export function days(year: number, month: number, dom: number): Day {
  if (month <= 2) {
    year--;
    month += 12;
  }
  const leaps = Math.trunc(year / 4) - Math.trunc(year / 100) + Math.trunc(year / 400);
  return 365 * year + leaps + Math.trunc((153 * (month - 3) + 2) / 5) + dom - 1 - 719468;
}

/** The opposite of days, from year 1 on. */
export function date(day: Day): [year: number, month: number, dom: number] {
  const div = (a: number, b: number) => Math.trunc(a / b);
  const z = day + 719468;
  const era = div(z, 146097);
  const doe = z - era * 146097;
  const yoe = div(doe - div(doe, 1460) + div(doe, 36524) - div(doe, 146096), 365);
  const doy = doe - (365 * yoe + div(yoe, 4) - div(yoe, 100));
  const mp = div(5 * doy + 2, 153);
  const dom = doy - div(153 * mp + 2, 5) + 1;
  const year = yoe + era * 400;
  return mp + 3 > 12 ? [year + 1, mp - 9, dom] : [year, mp + 3, dom];
}

/** Counts from Monday, which is 0. Day 0 was a Thursday. */
export const weekdayOf = (day: Day): number => (((day + 3) % 7) + 7) % 7;

export function monthLength(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The same day of a later month, or its last if it is shorter. */
export function addMonths(day: Day, n: number): Day | null {
  const [year, month, dom] = date(day);
  const total = month + n - 1;
  const [y, m] = [year + Math.trunc(total / 12), (total % 12) + 1];
  return dateOf(y, m, Math.min(dom, monthLength(y, m)));
}

/** The day n units later. */
export function add(day: Day, n: number, unit: Unit): Day | null {
  const [frequency, factor] = calendar(unit) ?? [null, 0];
  switch (frequency) {
    case "DAILY":
      return within(day, n);
    case "WEEKLY":
      return within(day, 7 * factor * n);
    case "MONTHLY":
      return addMonths(day, factor * n);
    case "YEARLY":
      return addMonths(day, 12 * n);
    default:
      return null;
  }
}

export const within = (day: Day, n: number): Day | null => (date(day + n)[0] <= 9999 ? day + n : null);

/** The ISO 8601 date. */
export function isoDate(day: Day): string {
  const [year, month, dom] = date(day);
  return [String(year).padStart(4, "0"), pad(month), pad(dom)].join("-");
}

const pad = (n: number) => String(n).padStart(2, "0");
