import type { Row } from "../view/rows";

/** The height of a row. It is known before rendering, so the layout does not shift. */
export function rowHeight(row: Row | undefined, phone: boolean, inProject: boolean): number {
  if (row?.kind === "heading") return 46;
  if (!phone || !row) return 44;
  const { due_at, due_date, recurrence, tags, project } = row.task;
  return due_at || due_date || recurrence || tags.length > 0 || (project && !inProject) ? 60 : 48;
}
