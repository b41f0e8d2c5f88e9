/** The time zone of this browser. */
export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The wall-clock time in a zone, as a Date whose UTC fields hold it. */
export function wallTime(instant: Date, zone: string): Date {
  const parts = Object.fromEntries(
    formatter(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<"year" | "month" | "day" | "hour" | "minute" | "second", number>;
  const { year, month, day, hour, minute, second } = parts;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** The instant at which the clocks of a zone show a time; in a gap the one after it, of two the first. */
export function instantOf(wall: Date, zone: string): Date {
  const offset = (at: number) => wallTime(new Date(at), zone).getTime() - at;
  const time = Math.floor(wall.getTime() / 1000) * 1000;
  const [early, late] = [offset(time - 86_400_000), offset(time + 86_400_000)];
  for (const candidate of [time - early, time - late]) {
    if (candidate + offset(candidate) === time) return new Date(candidate);
  }
  return new Date(time - early);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, found);
  }
  return found;
}
