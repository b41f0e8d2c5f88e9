import { localZone } from "./zone";

let zone = localZone();
const caches = new Set<() => void>();

/** Registers what forgets all that was computed for the zone of the device. */
export const onZoneChange = (forget: () => void) => void caches.add(forget);

/** Notices that the device is in another zone. The page would go on with the days and times of the one before. */
export function checkZone(): void {
  const current = localZone();
  if (current === zone) return;
  zone = current;
  for (const forget of caches) forget();
}
