import type { Schema } from "@/lib/api/schema";

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const satisfies Schema["Weekday"][];

export type Preferences = Schema["Preferences"];

/** The offered choices; another duration that was set elsewhere is shown too. */
export const leads = ["PT5M", "PT10M", "PT30M", "PT1H", "PT3H", "PT12H", "P1D", "P2D", "P7D"];
