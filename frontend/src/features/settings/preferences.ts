export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** What a user has chosen for all tasks. */
export interface Preferences {
  timezone: string;
  reminder_lead: string;
  overdue_reminders: boolean;
  week_start: (typeof weekdays)[number];
}

/** What can be chosen from; any other duration that somebody has set elsewhere is shown too. */
export const leads = ["PT5M", "PT10M", "PT30M", "PT1H", "PT3H", "PT12H", "P1D", "P2D", "P7D"];
