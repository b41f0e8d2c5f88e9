import * as fieldWords from "@/messages/fields";
import * as words from "@/messages/history";
import { formatList } from "@/lib/words/per-locale";
import type { HistoryEvent } from "../api/get-task-history";
import { describeRule } from "../recurrence/describe-rule";
import type { Priority, Recurrence, Task } from "../task";
import { describeDue } from "./due";
import { priorityLabels } from "./labels";
import { describeReminders } from "./reminder";

type FieldKey = NonNullable<Parameters<typeof fieldWords.theField>[0]>["field"];

/** What a field of a task is called in messages that take it as an argument, and on its own. */
interface FieldName {
  key: FieldKey;
  say: () => string;
}

const dueDate: FieldName = { key: "dueDate", say: fieldWords.dueDate };

/** The names of a task's fields. */
export const fieldNames: Readonly<Record<string, FieldName>> = {
  title: { key: "title", say: fieldWords.title },
  description: { key: "description", say: fieldWords.description },
  priority: { key: "priority", say: fieldWords.priority },
  project: { key: "project", say: fieldWords.project },
  section: { key: "section", say: fieldWords.section },
  tags: { key: "tags", say: fieldWords.tags },
  due_at: dueDate,
  due_date: dueDate,
  timezone: { key: "timezone", say: fieldWords.timezone },
  reminders: { key: "reminders", say: fieldWords.reminders },
  overdue_reminders: { key: "overdueReminders", say: fieldWords.overdueReminders },
  recurrence: { key: "recurrence", say: fieldWords.recurrence },
  parent_id: { key: "parent", say: fieldWords.parent },
  position: { key: "position", say: fieldWords.position },
};

/** Describes an event: what changed, from what to what. */
export function describeEvent({ event_type, changed_fields }: HistoryEvent): {
  what: string;
  detail: string;
} {
  const only = (what: string) => ({ what, detail: "" });
  if (changed_fields.purged) return only(words.deletedForever());
  if (event_type === "task.created") return only(words.created());
  if (event_type === "task.deleted")
    return only(isSkipped(changed_fields) ? words.skipped() : words.deleted());
  if (event_type === "task.completed") return only(words.completed());
  if (changed_fields.deleted) return only(words.restored());
  if (changed_fields.completed) return only(words.reopened());
  const scope = isOfThisOnly(changed_fields) ? "this" : "all";
  const { due_at, due_date } = changed_fields;
  if (due_at && due_date) {
    // A moment became a day, or the other way round.
    const from =
      due_at.from === null ? fieldValue("due_date", due_date.from) : fieldValue("due_at", due_at.from);
    const to = due_at.to === null ? fieldValue("due_date", due_date.to) : fieldValue("due_at", due_at.to);
    return { what: words.changed({ field: "dueDate", scope }), detail: words.fromTo({ from, to }) };
  }
  const fields = Object.keys(changed_fields).filter((field) => field in fieldNames);
  if (fields.length === 0 && changed_fields.series) return only(words.laterChanged());
  const [field] = fields;
  const change = field ? changed_fields[field] : undefined;
  const name = field ? fieldNames[field] : undefined;
  if (fields.length !== 1 || !field || !name || !change) {
    const names = fields.flatMap((one) => fieldNames[one]?.key ?? []);
    const said = formatList(names.map((key) => fieldWords.theField({ field: key })));
    return only(words.severalChanged({ fields: said, scope }));
  }
  if (field === "position") return only(words.moved());
  const what = words.changed({ field: name.key, scope });
  if (field === "parent_id") return only(what);
  return {
    what,
    detail: words.fromTo({ from: fieldValue(field, change.from), to: fieldValue(field, change.to) }),
  };
}

type ChangedFields = HistoryEvent["changed_fields"];
type SeriesChange = { scope?: string; series?: { skipped?: boolean } | null } | null | undefined;

const isSkipped = (fields: ChangedFields) => (fields.series?.to as SeriesChange)?.series?.skipped === true;
/** Whether an edit of an occurrence was about it alone. */
export const isOfThisOnly = (fields: ChangedFields) => (fields.series?.to as SeriesChange)?.scope === "this";

/** A field of a task in words. */
export function fieldValue(field: string, of: unknown): string {
  if (field === "reminders") return describeReminders(of as Task["reminders"]);
  if (field === "overdue_reminders")
    return of === null ? fieldWords.asInSettings() : of ? fieldWords.on() : fieldWords.off();
  if (of === null || of === "" || (Array.isArray(of) && of.length === 0)) return fieldWords.none();
  if (field === "due_at") return describeDue({ due_at: String(of), due_date: null }, Date.now()) ?? "";
  if (field === "due_date") return describeDue({ due_at: null, due_date: String(of) }, Date.now()) ?? "";
  if (field === "priority") return priorityLabels[of as Priority]?.() ?? String(of);
  if (field === "recurrence") return describeRule((of as Recurrence).rrule);
  return Array.isArray(of) ? of.join(", ") : String(of);
}
