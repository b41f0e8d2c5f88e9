import * as words from "@/messages/reminders";
import { formatDayAndTime } from "@/lib/time/days";
import { describeLead } from "@/lib/time/lead";
import type { Task } from "../task";

export type Reminder = NonNullable<Task["reminders"]>[number];

/** The offered durations before the due time. */
export const leads = ["PT0S", "PT10M", "PT30M", "PT1H", "PT3H", "P1D", "P2D", "P7D"];

/** A reminder as a text that differs from all others. */
export const reminderKey = (reminder: Reminder): string =>
  typeof reminder === "string" ? reminder : reminder.at;

/** A reminder in words: "1 hour before", or "Tomorrow, 09:00". */
export function describeReminder(reminder: Reminder): string {
  if (typeof reminder === "string") return describeLead(reminder);
  return formatDayAndTime(new Date(reminder.at), Date.now());
}

/** All reminders of a task in words. */
export function describeReminders(reminders: Task["reminders"]): string {
  if (!reminders) return words.asInSettings();
  return reminders.length ? reminders.map(describeReminder).join(", ") : words.none();
}
