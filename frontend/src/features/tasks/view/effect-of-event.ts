import type { HistoryEvent } from "../api/get-task-history";
import type { Effect } from "../outbox/effects";
import { fieldNames, isOfThisOnly } from "./describe-event";

const shown = new Set([...Object.keys(fieldNames), "completed", "completed_at"]);

/** What undoing an event does to its task, as far as the user sees it before the server's answer. */
export function effectOfEvent({ task_id, changed_fields }: HistoryEvent): Effect {
  const fields = Object.entries(changed_fields).filter(([field]) => shown.has(field));
  return {
    id: task_id,
    before: Object.fromEntries(fields.map(([field, { to }]) => [field, to])),
    after: Object.fromEntries(fields.map(([field, { from }]) => [field, from])),
    scope: isOfThisOnly(changed_fields) ? "this" : "following",
  };
}
