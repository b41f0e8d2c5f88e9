import { localZone, wallTime } from "@/lib/time/zone";
import type { Task } from "../task";
import { dueTime } from "../view/due";

/** What a rule counts from. */
export interface SeriesStart {
  /** The time on the clocks of the zone, as a Date whose UTC fields hold it. */
  wall: Date;
  zone: string;
}

type Dated = Pick<Task, "due_at" | "due_date" | "timezone">;

/** The zone in which a series recurs; that of a task that is due on a day is the user's. */
export const seriesZone = ({ due_date, timezone }: Omit<Dated, "due_at">) =>
  (due_date ? null : timezone) ?? localZone();

/** Where the series of a task begins; null without a due date. */
export function seriesStart(task: Dated): SeriesStart | null {
  const due = dueTime(task);
  const zone = seriesZone(task);
  return due === null ? null : { wall: wallTime(new Date(due), zone), zone };
}

/**
 * The last moment of a series on the clocks of its zone, as a Date whose UTC fields hold it; null if UNTIL cannot be read. As for
 * the server (shared/recurrence), a date is a whole day there, and so is a time without Z one there.
 */
export function lastMoment(until: string, zone: string): Date | null {
  const [, year, month, day, time, hour, minute, second, utc] =
    /^(\d{4})(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d)(Z?))?$/i.exec(until) ?? [];
  if (!year) return null;
  const [h, m, s] = time ? [hour, minute, second] : [23, 59, 59];
  const at = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(h), Number(m), Number(s)),
  );
  return utc ? wallTime(at, zone) : at;
}

const dayLength = 86_400_000;

/**
 * The last day of a series, such as 2026-12-31: one with an occurrence, if UNTIL is a time. Without a start it is the day that is
 * written.
 */
export function lastDay(until: string, start: SeriesStart | null): string | null {
  const last = lastMoment(until, start?.zone ?? "UTC");
  if (!last) return null;
  const timeOfDay = start ? start.wall.getTime() % dayLength : 0;
  return new Date(last.getTime() - timeOfDay).toISOString().slice(0, 10);
}
