import type { Priority } from "../task";
import type { Sort } from "./query";

export const priorityLabels: Record<Priority, string> = {
  none: "No priority",
  low: "Low",
  medium: "Medium",
  high: "High",
  urgent: "Urgent",
};

export const sortLabels: Record<Sort, string> = {
  position: "Manual",
  due_at: "Due date",
  priority: "Priority",
  title: "Title",
  "-created_at": "Newest first",
  "-updated_at": "Changed last",
  "-completed_at": "Completed last",
};
