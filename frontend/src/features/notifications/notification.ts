import type { Schema } from "@/lib/api/schema";

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
export const snoozes: { for: string; label: string }[] = [
  { for: "PT10M", label: "10 minutes" },
  { for: "PT1H", label: "1 hour" },
  { for: "PT3H", label: "3 hours" },
  { for: "P1D", label: "A day" },
  { for: "P7D", label: "A week" },
];
