import { timeForm } from "@/lib/time/days";
import { locale } from "@/lib/words/locale";
import { otherZones } from "@/messages/place";

export interface ZoneGroup {
  region: string;
  zones: { id: string; label: string }[];
}

/** All time zones that this browser knows, by region, plus the given ones if it lacks them. */
export function zoneGroups(...also: string[]): ZoneGroup[] {
  const ids = new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), ...also.filter(Boolean)]);
  const groups = new Map<string, ZoneGroup>();
  for (const id of [...ids].sort()) {
    const [region, rest] = id.split("/");
    const name = region && rest ? region : otherZones();
    const group = groups.get(name) ?? { region: name, zones: [] };
    groups.set(name, group);
    group.zones.push({ id, label: zoneLabel(id) });
  }
  return [...groups.values()];
}

/** The name of a zone within its region. */
export const zoneLabel = (id: string): string =>
  (id.split("/").slice(1).join(" / ") || id).replaceAll("_", " ");

/** The current time in a zone; empty if this browser does not know the zone. */
export function timeIn(zone: string, at: number): string {
  try {
    return new Intl.DateTimeFormat(locale(), {
      timeZone: zone,
      ...timeForm(),
      timeZoneName: "short",
    }).format(at);
  } catch {
    return "";
  }
}
