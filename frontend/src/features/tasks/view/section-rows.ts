import type { Label } from "../labels/labels";
import type { Task } from "../task";
import type { Row, Rows } from "./rows";
import { sameName } from "./search";

/** A row of a project's list that is about a section and is no task. */
export type SectionRow =
  | { kind: "section"; key: string; section: Label; count: number; collapsed: boolean }
  /** Where a task is added to the section. */
  | { kind: "add"; key: string; section: Label }
  /** Where a section is added to the project. */
  | { kind: "add-section"; key: string };

/** The sections of a project, and the ids of those whose tasks are hidden in this browser. */
export interface Sections {
  list: readonly Label[];
  collapsed: readonly string[];
}

/**
 * The tasks of a project under its sections, each with a place to add a task. Those without a section come first, without a heading;
 * their order in each section is that of the list. A list of completed tasks has no places to add, and no sections without tasks.
 */
export function inSections({ rows }: Rows, { list, collapsed }: Sections, completed: boolean): Rows {
  const below = new Map<string | undefined, Row[]>([
    [undefined, []],
    ...list.map(({ id }): [string, Row[]] => [id, []]),
  ]);
  for (const row of rows) {
    if (row.kind !== "task") continue;
    const { section } = row.task;
    below.get(section ? list.find(({ name }) => sameName(section, name))?.id : undefined)?.push(row);
  }
  const shown = [...(below.get(undefined) ?? [])];
  for (const section of list) {
    const inside = below.get(section.id) ?? [];
    if (completed && inside.length === 0) continue;
    const hidden = collapsed.includes(section.id);
    const key = `section-${section.id}`;
    shown.push({ kind: "section", key, section, count: inside.length, collapsed: hidden });
    if (hidden) continue;
    shown.push(...inside);
    if (!completed) shown.push({ kind: "add", key: `${key}-add`, section });
  }
  if (!completed) shown.push({ kind: "add-section", key: "add-section" });
  return { rows: shown, ids: shown.flatMap((row) => (row.kind === "task" ? row.task.id : [])) };
}

/** Where tasks are put: in a section, between two of its tasks. */
export interface Place {
  section: string | null;
  /** The section, if its tasks are hidden. */
  collapsed: Label | null;
  before: Task | null;
  after: Task | null;
}

/** The place before the row at an index, for tasks that leave where they are now. */
export function placeAt(rows: readonly Row[], to: number, moved: readonly string[]): Place {
  const isOther = (row: Row | undefined) => row?.kind === "task" && !moved.includes(row.task.id);
  let at = to - 1;
  let before: Task | null = null;
  for (; at >= 0 && rows[at]?.kind !== "section"; at--) {
    const row = rows[at];
    if (row?.kind === "task" && isOther(row)) before ??= row.task;
  }
  const heading = rows[at];
  const section = heading?.kind === "section" ? heading : null;
  let next = to;
  while (rows[next]?.kind === "task" && !isOther(rows[next])) next++;
  const after = rows[next];
  return {
    section: section?.section.name ?? null,
    collapsed: section?.collapsed ? section.section : null,
    before,
    after: after?.kind === "task" ? after.task : null,
  };
}

/** The index of the row before which a task is when it moves up or down by one; null where it ends. */
export function gapBy(rows: readonly Row[], id: string, by: 1 | -1): number | null {
  const at = rows.findIndex(({ key }) => key === id);
  if (by < 0) return at > 0 ? at - 1 : null;
  let next = at + 1;
  if (rows[next]?.kind === "add") next++;
  const row = rows[next];
  return row && row.kind !== "add-section" ? next + 1 : null;
}
