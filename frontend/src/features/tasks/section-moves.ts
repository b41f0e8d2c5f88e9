import * as words from "@/messages/sections";
import { patchMany } from "./actions";
import { manyBetween, patchTask } from "./changes";
import { lastPosition, setCollapsed } from "./sections";
import type { Task, TaskPatch } from "./task";
import type { TaskQuery } from "./view/query";
import type { Row } from "./view/rows";
import { sameName } from "./view/search";
import { gapBy, type Place, placeAt } from "./view/section-rows";

/**
 * Moves tasks before the row at an index, and with that into its section; where the list has another order than the manual one, only
 * into the section. `say` is given what was done, in words.
 */
export function dropAt(
  rows: readonly Row[],
  ids: readonly string[],
  to: number,
  sortable: boolean,
  say: (done: string) => void,
): void {
  const tasks = rows.flatMap((row) => (row.kind === "task" && ids.includes(row.task.id) ? row.task : []));
  const place = placeAt(rows, to, ids);
  const { section } = place;
  const stay = tasks.every((task) => isIn(task.section ?? null, section));
  const [only] = tasks;
  if (stay) {
    const at = rows.findIndex(({ key }) => key === only?.id);
    if (!sortable || !only || (tasks.length === 1 && (to === at || to === at + 1))) return;
  }
  const positions = sortable ? positionsOf(tasks, place) : null;
  if (stay && tasks.length === 1 && only) {
    patchTask(only.id, positions?.(only) ?? {});
    return say(words.movedWithin());
  }
  const said = stay ? words.movedWithin() : section ? words.movedTo({ section }) : words.movedOut();
  patchMany(
    ids,
    (task) => ({ ...positions?.(task), section }),
    said,
    () => say(said),
  );
}

/** The positions of tasks in a place, in the order in which they are listed now; of hidden tasks they come last. */
function positionsOf(tasks: Task[], { section, collapsed, before, after }: Place) {
  const [first] = tasks;
  const last = collapsed && section && first?.project ? lastPosition(first.project, section) : null;
  const positions = manyBetween(
    last ?? before?.position ?? null,
    collapsed ? null : (after?.position ?? null),
    tasks.length,
  );
  const byId = new Map(tasks.map(({ id }, i) => [id, positions[i]]));
  return ({ id }: Task): TaskPatch => {
    const position = byId.get(id);
    return position === undefined ? {} : { position };
  };
}

/** Moves a task up or down by one, at the end of its section into the next, whose tasks are shown then. */
export function moveBy(
  rows: readonly Row[],
  query: TaskQuery,
  id: string,
  by: 1 | -1,
  say: (done: string) => void,
): void {
  const to = gapBy(rows, id, by);
  if (to === null) return;
  const { collapsed } = placeAt(rows, to, [id]);
  dropAt(rows, [id], to, true, (done) => {
    if (collapsed) setCollapsed(query, collapsed.id, false);
    say(done);
  });
}

const isIn = (a: string | null, b: string | null) => a === b || (a !== null && b !== null && sameName(a, b));
