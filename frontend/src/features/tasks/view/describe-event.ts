import type { HistoryEvent } from "../api/get-task-history";
import { describeRule } from "../recurrence/rule";
import type { Priority, Recurrence, Task } from "../task";
import { describeDue } from "./due";
import { priorityLabels } from "./labels";
import { describeReminders } from "./reminder";

/** The display names of a task's fields. */
export const fieldNames: Record<string, string> = {
  title: "Title",
  description: "Description",
  priority: "Priority",
  project: "Project",
  tags: "Tags",
  due_at: "Due date",
  due_date: "Due date",
  timezone: "Time zone",
  reminders: "Reminders",
  overdue_reminders: "Overdue reminders",
  recurrence: "Repetition",
  parent_id: "Parent task",
  position: "Place in the list",
};

/** Describes an event: what changed, from what to what. */
export function describeEvent({ event_type, changed_fields }: HistoryEvent): {
  what: string;
  detail: string;
} {
  if (event_type === "task.created") return { what: "Created", detail: "" };
  if (event_type === "task.deleted")
    return { what: isSkipped(changed_fields) ? "Skipped" : "Deleted", detail: "" };
  if (event_type === "task.completed") return { what: "Completed", detail: "" };
  if (changed_fields.deleted) return { what: "Restored", detail: "" };
  if (changed_fields.completed) return { what: "Reopened", detail: "" };
  const { due_at, due_date } = changed_fields;
  if (due_at && due_date) {
    // A moment became a day, or the other way round.
    const from =
      due_at.from === null ? fieldValue("due_date", due_date.from) : fieldValue("due_at", due_at.from);
    const to = due_at.to === null ? fieldValue("due_date", due_date.to) : fieldValue("due_at", due_at.to);
    return { what: "Due date changed", detail: `${from} → ${to}` };
  }
  const fields = Object.keys(changed_fields).filter((field) => field in fieldNames);
  const what = fields
    .map((field, i) => (i === 0 ? fieldNames[field] : fieldNames[field]?.toLowerCase()))
    .join(", ");
  const [only] = fields;
  const change = only ? changed_fields[only] : undefined;
  const changed = isOfThisOnly(changed_fields) ? "changed, only this time" : "changed";
  if (fields.length !== 1 || !only || !change || only === "position" || only === "parent_id") {
    return {
      what: fields.length === 1 && only === "position" ? "Moved in the list" : `${what} ${changed}`,
      detail: "",
    };
  }
  return {
    what: `${what} ${changed}`,
    detail: `${fieldValue(only, change.from)} → ${fieldValue(only, change.to)}`,
  };
}

type ChangedFields = HistoryEvent["changed_fields"];
type SeriesChange = { scope?: string; series?: { skipped?: boolean } | null } | null | undefined;

const isSkipped = (fields: ChangedFields) => (fields.series?.to as SeriesChange)?.series?.skipped === true;
const isOfThisOnly = (fields: ChangedFields) => (fields.series?.to as SeriesChange)?.scope === "this";

/** A field of a task in words. */
export function fieldValue(field: string, of: unknown): string {
  if (field === "reminders") return describeReminders(of as Task["reminders"]);
  if (field === "overdue_reminders") return of === null ? "as in your settings" : of ? "on" : "off";
  if (of === null || of === "" || (Array.isArray(of) && of.length === 0)) return "none";
  if (field === "due_at") return describeDue({ due_at: String(of), due_date: null }, Date.now()) ?? "";
  if (field === "due_date") return describeDue({ due_at: null, due_date: String(of) }, Date.now()) ?? "";
  if (field === "priority") return priorityLabels[of as Priority] ?? String(of);
  if (field === "recurrence") return describeRule((of as Recurrence).rrule);
  return Array.isArray(of) ? of.join(", ") : String(of);
}
