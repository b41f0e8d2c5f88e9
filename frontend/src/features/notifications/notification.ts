import type { Schema } from "@/lib/api/schema";

export type Notification = Schema["Notification"];

/** The durations for which a notification can be snoozed. */
export const snoozes: { for: string; label: string }[] = [
  { for: "PT10M", label: "10 minutes" },
  { for: "PT1H", label: "1 hour" },
  { for: "PT3H", label: "3 hours" },
  { for: "P1D", label: "A day" },
  { for: "P7D", label: "A week" },
];
