import type { Schema } from "@/lib/api/schema";
import * as words from "@/messages/notificationPanel";

export type Notification = Schema["Notification"];

/** One reminder of a digest. */
export type DigestReminder = NonNullable<Notification["reminders"]>[number];

/** The reminders of a digest that are still true, one for each task. */
export function dueOf(digest: Notification): DigestReminder[] {
  const byTask = new Map<string, DigestReminder>();
  for (const reminder of digest.reminders ?? []) {
    if (reminder.resolved_at) continue;
    if (!byTask.has(reminder.task_id) || reminder.kind === "overdue") byTask.set(reminder.task_id, reminder);
  }
  return [...byTask.values()];
}

/** The durations for which a notification can be snoozed. */
export const snoozes: { for: string; label: () => string }[] = [
  { for: "PT10M", label: () => words.minutes({ count: 10 }) },
  { for: "PT1H", label: () => words.hours({ count: 1 }) },
  { for: "PT3H", label: () => words.hours({ count: 3 }) },
  { for: "P1D", label: words.aDay },
  { for: "P7D", label: words.aWeek },
];
