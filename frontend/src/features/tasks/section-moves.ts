import * as words from "@/messages/sections";
import { patchMany } from "./actions";
import { between, patchTask } from "./changes";
import { taskStore } from "./store";
import type { Row } from "./view/rows";
import { sameName } from "./view/search";
import { gapBy, placeAt } from "./view/section-rows";

/** Moves tasks before the row at an index, and with that into its section. Returns what was done, in words. */
export function dropAt(rows: readonly Row[], ids: readonly string[], to: number): string {
  const { section, before, after } = placeAt(rows, to);
  const [first] = ids;
  const task = first === undefined ? undefined : taskStore.get(first);
  if (!task) return "";
  const stays = before?.id === task.id || after?.id === task.id;
  const position =
    ids.length > 1 || stays || !(before ?? after)
      ? {}
      : { position: between(before?.position ?? null, after?.position ?? null) };
  if (ids.length === 1 && isIn(task.section ?? null, section)) {
    patchTask(task.id, position);
    return Object.keys(position).length > 0 ? words.movedWithin() : "";
  }
  patchMany(ids, { ...position, section }, section ? words.movedTo({ section }) : words.movedOut());
  return section ? words.movedTo({ section }) : words.movedOut();
}

/** Moves a task up or down by one, at the end of its section into the next. */
export function moveBy(rows: readonly Row[], id: string, by: 1 | -1): string {
  const to = gapBy(rows, id, by);
  return to === null ? "" : dropAt(rows, [id], to);
}

const isIn = (a: string | null, b: string | null) => a === b || (a !== null && b !== null && sameName(a, b));
