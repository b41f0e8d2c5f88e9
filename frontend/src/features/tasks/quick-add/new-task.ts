import type { Parsed } from "@/lib/quickadd/parse";
import { localZone } from "@/lib/time/zone";
import type { NewTask, Priority } from "../task";

/** The task that a text describes. */
export function newTask({
  title,
  dueDate,
  dueAt,
  rrule,
  mode,
  priority,
  project,
  section,
  tags,
}: Omit<Parsed, "parts">): NewTask {
  return {
    title,
    ...(dueAt ? { due_at: dueAt.toISOString(), timezone: localZone() } : {}),
    ...(dueDate ? { due_date: dueDate } : {}),
    ...(rrule ? { recurrence: { rrule, mode: mode ?? "schedule" } } : {}),
    ...(priority ? { priority: priority as Priority } : {}),
    ...(project ? { project } : {}),
    ...(section ? { section } : {}),
    ...(tags.length ? { tags } : {}),
  };
}
