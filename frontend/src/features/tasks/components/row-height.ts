import type { Row } from "../view/rows";

/** How high a row is. It is known before it is drawn, so nothing jumps. */
export function rowHeight(row: Row | undefined, phone: boolean, inProject: boolean): number {
  if (row?.kind === "heading") return 46;
  if (!phone || !row) return 44;
  const { due_at, recurrence, tags, project } = row.task;
  return due_at || recurrence || tags.length > 0 || (project && !inProject) ? 60 : 48;
}
