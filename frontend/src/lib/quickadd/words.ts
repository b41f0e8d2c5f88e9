// A copy of the vocabulary of functions/tasks/internal/quickadd; `make generate` updates it.
import table from "./words.json";

/** A span of time. */
export type Unit = "minute" | "hour" | "day" | "week" | "fortnight" | "month" | "quarter" | "year";
export type Frequency = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

// Without a prototype, so that "constructor" is no word of any table.
const words = <Value>(of: Record<string, unknown>) =>
  Object.assign(Object.create(null), of) as Record<string, Value | undefined>;

export const weekdays = words<number>(table.weekdays);
export const weekdayPlurals = words<number>(table.weekdayPlurals);
export const weekdaysThatAreWords: readonly string[] = table.weekdaysThatAreWords;
export const months = words<number>(table.months);
export const numbers = words<number>(table.numbers);
export const ordinals = words<number>(table.ordinals);
export const units = words<Unit>(table.units);
export const gluedUnits = words<Unit>(table.gluedUnits);
export const adverbs = words<[Frequency, number]>(table.adverbs);
export const times = words<[number, number]>(table.times);
export const spokenMinutes = words<number>(table.spokenMinutes);
export const dayGroups = words<number[]>(table.dayGroups);
export const priorities = words<string>(table.priorities);
export const repetition: readonly string[] = table.repetition;
export const notADue: readonly string[] = table.notADue;
export const notAWeekday: readonly string[] = table.notAWeekday;

/** A unit of days or more as a frequency of RFC 5545 and a factor: a quarter is three months. */
export function calendar(unit: Unit): [Frequency, number] | null {
  switch (unit) {
    case "day":
      return ["DAILY", 1];
    case "week":
      return ["WEEKLY", 1];
    case "fortnight":
      return ["WEEKLY", 2];
    case "month":
      return ["MONTHLY", 1];
    case "quarter":
      return ["MONTHLY", 3];
    case "year":
      return ["YEARLY", 1];
    default:
      return null;
  }
}
