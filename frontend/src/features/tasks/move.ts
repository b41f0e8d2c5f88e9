import { between } from "./changes";
import type { Row } from "./view/rows";

/**
 * The index of the row before which a task lands that is moved to a gap between rows. It stays below its heading, since its
 * group does not depend on its position: beyond the others of its group it comes first or last.
 */
export function gapWithinGroup(rows: readonly Row[], id: string, gap: number): number {
  const [start, end] = groupOf(rows, indexOf(rows, id));
  return Math.min(Math.max(gap, start), end);
}

/**
 * The position that moves a task to a gap between rows, and its place among all tasks then, from 1; null if it is there already.
 * Only the moved task changes.
 */
export function moved(
  rows: readonly Row[],
  id: string,
  gap: number,
): { position: string; place: number } | null {
  const from = indexOf(rows, id);
  if (from < 0) return null;
  const [start, end] = groupOf(rows, from);
  const to = gapWithinGroup(rows, id, gap);
  if (to === from || to === from + 1) return null;
  // Those of another group may have any positions.
  const before = to > start ? positionOf(rows[to - 1]) : null;
  const after = to < end ? positionOf(rows[to]) : null;
  const others = rows.slice(0, to).filter(({ kind, key }) => kind === "task" && key !== id);
  return { position: between(before, after), place: others.length + 1 };
}

const indexOf = (rows: readonly Row[], id: string) => rows.findIndex(({ key }) => key === id);

const positionOf = (row: Row | undefined) => (row?.kind === "task" ? row.task.position : null);

/** Where the rows of a task's group begin and end. */
function groupOf(rows: readonly Row[], at: number): [number, number] {
  let start = at;
  while (start > 0 && rows[start - 1]?.kind === "task") start--;
  let end = at + 1;
  while (rows[end]?.kind === "task") end++;
  return [start, end];
}
