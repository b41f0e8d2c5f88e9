import { completed, earlier, overdue } from "@/messages/rows";
import { daysBetween, formatDayHeading, startOfDay } from "@/lib/time/days";
import type { Task } from "../task";
import { dueTime, isOverdue, lateness } from "./due";
import { ordered } from "./order";
import { hasName, matcher, sameName } from "./search";
import type { SectionRow } from "./section-rows";
import { sortOf, type TaskQuery } from "./query";

export type Row =
  | { kind: "heading"; key: string; label: string; tone: "plain" | "danger"; count: number }
  | SectionRow
  | { kind: "task"; key: string; task: Task };

export interface Rows {
  rows: Row[];
  /** The ids of the tasks in display order. */
  ids: string[];
}

/** Sorts the tasks of a query, under headings if the view has some. */
export function buildRows(
  tasks: ReadonlyMap<string, Task>,
  query: TaskQuery,
  now: number,
  only?: Only,
  group?: Grouping,
): Rows {
  const sort = sortOf(query);
  const shown = ordered(tasks, sort).filter(lister(tasks, query, now, only));
  if (query.view === "today" && sort === "due_at") {
    // A task of this day begins at midnight, before what was due this morning.
    const place = (task: Task) => ["overdue", "earlier", null].indexOf(lateness(task, now));
    shown.sort((a, b) => place(a) - place(b));
  }
  const listed = group ? inGroups(group(shown)) : grouped(shown, (task) => groupOf(task, query, now));
  if (query.view === "completed" || !query.q) return listed;
  const done = { ...query, view: "completed", sort: null } as const;
  return withCompleted(listed, buildRows(tasks, done, now, only && { ...only, completed: false }).rows);
}

/** A search also finds completed tasks, in a separate section, unless a filter has listed them already. */
function withCompleted({ rows, ids }: Rows, found: Row[]): Rows {
  const listed = new Set(ids);
  const done = found.filter(({ kind, key }) => kind === "task" && !listed.has(key));
  if (done.length === 0) return { rows, ids };
  const heading: Row = {
    kind: "heading",
    key: "completed",
    label: completed(),
    tone: "plain",
    count: done.length,
  };
  return { rows: [...rows, heading, ...done], ids: [...ids, ...done.map(({ key }) => key)] };
}

/** Whether a query lists a task. */
export const isListed = (task: Task, tasks: ReadonlyMap<string, Task>, query: TaskQuery, now: number) =>
  lister(tasks, query, now)(task);

/** A filter's condition. */
export interface Only {
  test: (task: Task) => boolean;
  /** Whether it is also about completed tasks. */
  completed: boolean;
}

/** How the tasks of a list are grouped, other than by what the view is about: the groups in their order. */
export type Grouping = (tasks: Task[]) => (Group & { tasks: Task[] })[];

function lister(
  tasks: ReadonlyMap<string, Task>,
  query: TaskQuery,
  now: number,
  only?: Only,
): (task: Task) => boolean {
  const matches = matcher(query.q);
  const tonight = startOfDay(now, 1).getTime();
  return (task) =>
    (only?.completed || task.completed === (query.view === "completed")) &&
    (!only || only.test(task)) &&
    inView(task, query.view, now, tonight) &&
    (!query.project || sameName(task.project, query.project)) &&
    (!query.tag || hasName(task.tags, query.tag)) &&
    (!query.priority || task.priority === query.priority) &&
    (query.q ? matches(task) : !!only || isAboutTime(query) || !hiddenBelowParent(task, tasks, query));
}

function inView(task: Task, view: TaskQuery["view"], now: number, tonight: number): boolean {
  if (view === "all" || view === "completed") return true;
  if (view === "inbox") return !task.project;
  const due = dueTime(task);
  if (due === null) return false;
  if (view === "overdue") return isOverdue(task, now);
  return view === "today" ? due < tonight : due >= tonight;
}

const isAboutTime = ({ view }: TaskQuery) => view === "today" || view === "upcoming" || view === "overdue";

/** In lists that are not about time, subtasks are shown only in their parent's details. */
export function hiddenBelowParent(
  task: Task,
  tasks: ReadonlyMap<string, Task>,
  { project, tag }: Pick<TaskQuery, "project" | "tag">,
): boolean {
  const parent = task.parent_id === null ? undefined : tasks.get(task.parent_id);
  if (!parent || parent.completed !== task.completed) return false;
  return (!project || sameName(parent.project, project)) && (!tag || hasName(parent.tags, tag));
}

function inGroups(groups: ReturnType<Grouping>): Rows {
  const rows = groups.flatMap(({ tasks, ...group }): Row[] => [
    { kind: "heading", count: tasks.length, ...group },
    ...tasks.map((task): Row => ({ kind: "task", key: task.id, task })),
  ]);
  return { rows, ids: groups.flatMap(({ tasks }) => tasks.map(({ id }) => id)) };
}

function grouped(tasks: Task[], groupOf: (task: Task) => Group | null): Rows {
  const rows: Row[] = [];
  let heading: Extract<Row, { kind: "heading" }> | null = null;
  for (const task of tasks) {
    const group = groupOf(task);
    if (group && group.key !== heading?.key) {
      heading = { kind: "heading", count: 0, ...group };
      rows.push(heading);
    }
    if (heading) heading.count++;
    rows.push({ kind: "task", key: task.id, task });
  }
  return { rows, ids: tasks.map((t) => t.id) };
}

export type Group = Pick<Extract<Row, { kind: "heading" }>, "key" | "label" | "tone">;

function groupOf(task: Task, query: TaskQuery, now: number): Group | null {
  const sort = sortOf(query);
  const due = sort === "due_at" ? dueTime(task) : null;
  if (query.view === "today" && due !== null) {
    const late = lateness(task, now);
    if (late === "overdue") return { key: late, label: overdue(), tone: "danger" };
    if (late === "earlier") return { key: late, label: earlier(), tone: "plain" };
    return { key: "today", label: formatDayHeading(new Date(now), now), tone: "plain" };
  }
  if (query.view === "upcoming" && due !== null) {
    return { key: `day-${daysBetween(0, due)}`, label: formatDayHeading(new Date(due), now), tone: "plain" };
  }
  if (query.view === "completed" && sort === "-completed_at" && task.completed_at) {
    const done = new Date(task.completed_at);
    return { key: `day-${daysBetween(0, done)}`, label: formatDayHeading(done, now), tone: "plain" };
  }
  return null;
}
