import type { Row } from "../view/rows";

/** The height of a row. It is known before rendering, so the layout does not shift. */
export function rowHeight(row: Row | undefined, phone: boolean, inProject: boolean): number {
  if (row?.kind === "heading" || row?.kind === "section") return 46;
  if (!phone || row?.kind !== "task") return 44;
  const { due_at, due_date, recurrence, tags, priority, project, parent_id } = row.task;
  const marked = priority !== "none" || parent_id || (project && !inProject);
  return due_at || due_date || recurrence || tags.length > 0 || marked ? 60 : 48;
}
