import { between } from "./changes";

/**
 * The position that moves a task before the row at an index of the list; null if it is already there. Only the moved
 * task changes.
 */
export function moved(
  ids: readonly string[],
  id: string,
  to: number,
  positionOf: (id: string) => string | null,
): string | null {
  const from = ids.indexOf(id);
  if (from < 0 || to === from || to === from + 1) return null;
  const before = ids[to - 1];
  const after = ids[to];
  return between(before ? positionOf(before) : null, after ? positionOf(after) : null);
}
