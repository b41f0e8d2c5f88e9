import type { Options, RRule } from "rrule";

const dayLength = 86_400_000;
const dayOf = (wall: Date) => Math.floor(wall.getTime() / dayLength);
const latest = (...times: Date[]) => new Date(Math.max(...times.map(Number)));
const many = (value: number | number[] | null | undefined) => [value ?? []].flat().length;

/** Every month has that many days. */
const shortestMonth = 28;

/**
 * The occurrence after one that was completed, as the server computes it (shared/recurrence/completion.go): INTERVAL periods after the
 * completion, or the nearest to that which the rule names. All times are those of the clocks of the series, in UTC fields.
 */
export function afterCompletion(
  Rule: typeof RRule,
  options: Partial<Options>,
  start: Date,
  completed: Date,
  after: Date,
): Date | null {
  const dtstart = new Date(dayOf(completed) * dayLength + (start.getTime() % dayLength));
  const { freq = Rule.DAILY, interval } = options;
  const target = addPeriods(completed, freq, interval ?? 1, Rule);
  const every = new Rule({
    ...options,
    ...clampedDay(options, dtstart, Rule),
    ...{ interval: 1, until: null, dtstart, tzid: null },
  });
  const floor = latest(completed, after, dtstart);
  const next = every.after(latest(floor, target));
  const before = every.before(target, true);
  if (!before || before <= floor) return next;
  return next && !isNearer(before, next, target) ? next : before;
}

/** Days count, and times only on the day of the target; of two equally near ones the later one is nearer. */
function isNearer(before: Date, next: Date, target: Date): boolean {
  const [earlier, later] = [dayOf(target) - dayOf(before), dayOf(next) - dayOf(target)];
  if (earlier === 0 && later === 0) return Number(target) - Number(before) < Number(next) - Number(target);
  return earlier < later;
}

/** Adds days, weeks, months or years; a month without the day has its last day instead. */
function addPeriods(wall: Date, freq: number, n: number, { DAILY, WEEKLY, MONTHLY }: typeof RRule): Date {
  if (freq === DAILY || freq === WEEKLY)
    return new Date(wall.getTime() + (freq === DAILY ? 1 : 7) * n * dayLength);
  const moved = new Date(wall);
  moved.setUTCMonth(wall.getUTCMonth() + (freq === MONTHLY ? n : 12 * n));
  if (moved.getUTCDate() !== wall.getUTCDate()) moved.setUTCDate(0);
  return moved;
}

/** What a rule that takes the day of the month from its start has instead: the last day of each month without that day. */
function clampedDay(
  options: Partial<Options>,
  start: Date,
  { MONTHLY, YEARLY }: typeof RRule,
): Partial<Options> {
  const { freq, bymonth, bymonthday, byweekday, byyearday, byweekno, bysetpos } = options;
  const named = [bymonthday, byweekday, byyearday, byweekno, bysetpos].some((part) => part !== undefined);
  const day = start.getUTCDate();
  if ((freq !== MONTHLY && freq !== YEARLY) || named || day <= shortestMonth) return {};
  const times = [options.byhour, options.byminute, options.bysecond].reduce(
    (product: number, values) => product * Math.max(1, many(values)),
    1,
  );
  return {
    freq: MONTHLY,
    bymonth: bymonth ?? (freq === YEARLY ? start.getUTCMonth() + 1 : null),
    bymonthday: Array.from({ length: day - shortestMonth + 1 }, (_, i) => shortestMonth + i),
    bysetpos: Array.from({ length: times }, (_, i) => -i - 1),
  };
}
