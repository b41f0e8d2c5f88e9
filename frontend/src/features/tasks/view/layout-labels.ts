import * as words from "@/messages/layouts";
import { dueDate, priority } from "@/messages/viewLabels";
import type { Group, Layout } from "./query";

export const groupLabels: Record<Group, () => string> = {
  project: words.project,
  section: words.section,
  priority,
  tag: words.tag,
  due: dueDate,
};

export const layoutLabels: Record<Layout, () => string> = {
  list: words.list,
  board: words.board,
  calendar: words.calendar,
};
