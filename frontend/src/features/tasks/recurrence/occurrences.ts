import { instantOf, wallTime } from "@/lib/time/zone";
import { lastMoment } from "./series-start";

/**
 * The next dates of a rule after a task's due time, in wall-clock time of its zone, so that nine o'clock stays nine
 * o'clock. Throws if the rule cannot be parsed.
 */
export async function occurrencesAfter(rrule: string, due: Date, zone: string, n: number): Promise<Date[]> {
  const { RRule } = await import("rrule");
  const [, last] = /UNTIL=([^;]*)/i.exec(rrule) ?? [];
  const until = last ? lastMoment(last, zone) : null;
  const rule = new RRule({
    ...RRule.parseString(rrule),
    dtstart: wallTime(due, zone),
    tzid: null,
    ...(until && { until }),
  });
  const found: Date[] = [];
  for (let at: Date | null = wallTime(due, zone); found.length < n;) {
    at = rule.after(at);
    if (!at) break;
    found.push(instantOf(at, zone));
  }
  return found;
}
