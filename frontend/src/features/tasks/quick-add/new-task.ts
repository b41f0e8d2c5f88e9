import type { Parsed } from "@/lib/quickadd/parse";
import { localZone } from "@/lib/time/zone";
import type { NewTask, Priority } from "../task";
import { at, laterToday, morning } from "../view/due-choices";

/** The task that a text describes. */
export function newTask(
  { title, dueDate, dueAt, rrule, mode, priority, project, tags }: Omit<Parsed, "parts">,
  now: Date,
): NewTask {
  const due = dueAt ?? (dueDate ? timeOfDay(dueDate, now) : null);
  return {
    title,
    ...(due ? { due_at: due.toISOString(), timezone: localZone() } : {}),
    ...(rrule ? { recurrence: { rrule, mode: mode ?? "schedule" } } : {}),
    ...(priority ? { priority: priority as Priority } : {}),
    ...(project ? { project } : {}),
    ...(tags.length ? { tags } : {}),
  };
}

/** When a task is due on a day without a time: a task has no due date that is only a day. */
function timeOfDay(dueDate: string, now: Date): Date {
  const day = new Date(`${dueDate}T00:00`);
  return day.toDateString() === now.toDateString() ? laterToday(now) : at(day, morning);
}
