import type { Options, RRule } from "rrule";
import { instantOf, wallTime } from "@/lib/time/zone";
import type { Recurrence } from "../task";
import { afterCompletion } from "./completion";
import { lastMoment } from "./series-start";

/** `number` is that of the task in its series, for COUNT. */
export type Series = Recurrence & { number: number };

/**
 * The next dates of a series after a task's due time, in wall-clock time of its zone, so that nine o'clock stays nine o'clock. Those that
 * count from the completion are completed now, and then whenever they are due. Throws if the rule cannot be parsed.
 */
export async function occurrencesAfter(series: Series, due: Date, zone: string, n: number): Promise<Date[]> {
  const { RRule } = await import("rrule");
  const { count, ...options } = RRule.parseString(series.rrule);
  const [, written] = /UNTIL=([^;]*)/i.exec(series.rrule) ?? [];
  const until = written ? lastMoment(written, zone) : null;
  const start = wallTime(due, zone);
  const next =
    series.mode === "completion"
      ? followCompletions(RRule, options, start, wallTime(new Date(), zone))
      : followRule(new RRule({ ...options, until: null, dtstart: start, tzid: null }), start);
  const left = count ? Math.min(n, count - series.number) : n;
  const found: Date[] = [];
  while (found.length < left) {
    const at = next();
    if (!at || (until && at > until)) break;
    found.push(instantOf(at, zone));
  }
  return found;
}

function followRule(rule: RRule, start: Date) {
  let at: Date | null = start;
  return () => (at = at && rule.after(at));
}

function followCompletions(Rule: typeof RRule, options: Partial<Options>, start: Date, now: Date) {
  let completed = now;
  let after = start;
  return () => {
    const at = afterCompletion(Rule, options, start, completed, after);
    if (at) completed = after = at;
    return at;
  };
}
