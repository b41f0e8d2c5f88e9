import { formatDay, formatTime } from "@/lib/time/days";
import { describeLead } from "@/lib/time/lead";
import type { Task } from "../task";

export type Reminder = NonNullable<Task["reminders"]>[number];

/** A reminder as a text that differs from all others. */
export const reminderKey = (reminder: Reminder): string =>
  typeof reminder === "string" ? reminder : reminder.at;

/** A reminder in words: "1 hour before", or "Tomorrow, 09:00". */
export function describeReminder(reminder: Reminder): string {
  if (typeof reminder === "string") return describeLead(reminder);
  const at = new Date(reminder.at);
  return `${formatDay(at, Date.now())}, ${formatTime(at)}`;
}

/** All reminders of a task in words. */
export function describeReminders(reminders: Task["reminders"]): string {
  if (!reminders) return "as in your settings";
  return reminders.length ? reminders.map(describeReminder).join(", ") : "none";
}
