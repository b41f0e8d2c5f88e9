import * as words from "@/messages/otherZone";
import { locale } from "@/lib/words/locale";
import { timeForm } from "@/lib/time/days";
import { localZone } from "@/lib/time/zone";
import type { Task } from "../task";

/** The due time in the zone of a task, in words: “Mon, 09:00 in New York”. Null if it is the zone of this browser. */
export function inOtherZone({ due_at, timezone }: Pick<Task, "due_at" | "timezone">): string | null {
  const here = localZone();
  if (!due_at || !timezone || timezone === here) return null;
  const at = new Date(due_at);
  const form = { ...timeForm(), timeZone: timezone };
  try {
    const day = (timeZone: string) =>
      new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone }).format(at);
    const weekday = day(timezone) === day(here) ? {} : ({ weekday: "short" } as const);
    const time = new Intl.DateTimeFormat(locale(), { ...form, ...weekday }).format(at);
    return words.timeIn({ time, place: placeOf(timezone) });
  } catch {
    return words.inZone({ zone: timezone }); // this browser does not know it
  }
}

/** The place of a zone: New York of America/New_York. */
const placeOf = (zone: string) => zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
