import type { Schema } from "@/lib/api/schema";
import { daysBetween } from "@/lib/time/days";

type Event = Schema["HistoryItem"];
type TaskEvent = Schema["TaskHistoryItem"];

/** The steps that a user's events show. */
export type EventStep = "add" | "complete" | "undo";

const isTaskEvent = (event: Event): event is TaskEvent => event.event_type.startsWith("task.");

/** What a user has done, by the events, oldest first. */
export function stepsDone(events: readonly Event[]): Set<EventStep> {
  const done = new Set<EventStep>();
  const last = new Map<string, TaskEvent>();
  for (const event of events.filter(isTaskEvent)) {
    if (event.event_type === "task.created" && saysMore(event)) done.add("add");
    if (event.event_type === "task.completed") done.add("complete");
    const before = last.get(event.task_id);
    if (before && reverses(event, before)) done.add("undo");
    last.set(event.task_id, event);
  }
  return done;
}

/** Whether the new task has anything that is typed besides its title. Under Today the date is added to every task. */
function saysMore({ task, time }: TaskEvent): boolean {
  if (!task) return false;
  const { due_at, due_date, recurrence, project, tags, priority } = task;
  const day = due_date !== null && daysBetween(new Date(time), new Date(`${due_date}T12:00`)) !== 0;
  return Boolean(due_at || day || recurrence || project || tags.length || priority !== "none");
}

/** Whether an event gives the fields that the one before has changed their former values. */
function reverses(event: TaskEvent, before: TaskEvent): boolean {
  const changes = Object.entries(before.changed_fields).filter(([field]) => !derived.has(field));
  return (
    changes.length > 0 &&
    changes.every(([field, { from, to }]) => {
      const back = event.changed_fields[field as keyof typeof event.changed_fields];
      return back !== undefined && same(back.from, to) && same(back.to, from);
    })
  );
}

/** Fields that follow from others. */
const derived = new Set(["completed_at", "deleted_at", "updated_at"]);

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
