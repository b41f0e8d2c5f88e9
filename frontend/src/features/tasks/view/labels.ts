import * as words from "@/messages/viewLabels";
import type { Priority } from "../task";
import type { Sort } from "./query";

export const priorityLabels: Record<Priority, () => string> = {
  none: words.noPriority,
  low: words.low,
  medium: words.medium,
  high: words.high,
  urgent: words.urgent,
};

export const sortLabels: Record<Sort, () => string> = {
  position: words.manual,
  due_at: words.dueDate,
  priority: words.priority,
  title: words.title,
  "-created_at": words.newestFirst,
  "-updated_at": words.lastChanged,
  "-completed_at": words.lastCompleted,
};
