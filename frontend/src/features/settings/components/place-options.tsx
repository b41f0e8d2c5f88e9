import { useMemo } from "react";
import { perLocale } from "@/lib/words/per-locale";
import { weekdays } from "../preferences";
import { zoneGroups } from "../zones";

/** The time zones that this browser knows, and the given ones. */
export function ZoneOptions({ zone, here }: { zone: string; here: string }) {
  const groups = useMemo(() => zoneGroups(zone, here), [zone, here]);
  return groups.map(({ region, zones }) => (
    <optgroup key={region} label={region}>
      {zones.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </optgroup>
  ));
}

export function WeekdayOptions() {
  return weekdays.map((day) => (
    <option key={day} value={day}>
      {weekdayName(day)}
    </option>
  ));
}

const names = perLocale((tag) => new Intl.DateTimeFormat(tag, { weekday: "long", timeZone: "UTC" }));
const aMonday = Date.UTC(2024, 0, 1);

export const weekdayName = (day: string): string =>
  names().format(aMonday + 86_400_000 * weekdays.findIndex((weekday) => weekday === day));
