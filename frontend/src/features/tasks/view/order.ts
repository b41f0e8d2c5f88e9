import { collator } from "@/lib/words/per-locale";
import { priorities, type Task } from "../task";
import { dueTime } from "./due";
import type { Sort } from "./query";

type Tasks = ReadonlyMap<string, Task>;

interface Order {
  list: readonly Task[];
  by: Intl.Collator;
}

const orders = new WeakMap<Tasks, Map<Sort, Order>>();
/** The ids of the latest lists. */
const latest = new Map<Sort, readonly string[]>();

/**
 * All tasks in an order, which searches and views of the same tasks share. From one change to the next most tasks stay where they
 * were, and sorting what is nearly sorted takes few comparisons: those of titles are slow.
 */
export function ordered(tasks: Tasks, sort: Sort): readonly Task[] {
  const known = orders.get(tasks) ?? new Map<Sort, Order>();
  const found = known.get(sort);
  if (found?.by === collator()) return found.list;
  const list = asBefore(tasks, latest.get(sort) ?? []).sort(comparator(sort));
  latest.set(
    sort,
    list.map(({ id }) => id),
  );
  orders.set(tasks, known.set(sort, { list, by: collator() }));
  return list;
}

/** The tasks in the order of these ids, and then the others. */
function asBefore(tasks: Tasks, ids: readonly string[]): Task[] {
  const list = ids.flatMap((id) => tasks.get(id) ?? []);
  if (list.length === tasks.size) return list;
  const known = new Set(list);
  for (const task of tasks.values()) if (!known.has(task)) list.push(task);
  return list;
}

const byPosition = (a: Task, b: Task) => compare(a.position, b.position) || compare(a.id, b.id);

/** Compares like the server: byte by byte, not by locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The server's times sort as text if they have the same length; absent times are last. */
const orLast = (time: string | null) => time ?? "~";

export function comparator(sort: Sort): (a: Task, b: Task) => number {
  switch (sort) {
    case "position":
      return byPosition;
    case "due_at":
      return (a, b) => orNever(a) - orNever(b) || rank(b) - rank(a) || byPosition(a, b);
    case "priority":
      return (a, b) => rank(b) - rank(a) || orNever(a) - orNever(b) || byPosition(a, b);
    case "title": {
      const byName = collator().compare;
      return (a, b) => byName(a.title, b.title) || byPosition(a, b);
    }
    case "-created_at":
      return (a, b) => compare(b.created_at, a.created_at) || compare(b.id, a.id);
    case "-updated_at":
      return (a, b) => compare(b.updated_at, a.updated_at) || compare(b.id, a.id);
    case "-completed_at":
      return (a, b) => compare(orLast(b.completed_at), orLast(a.completed_at)) || compare(b.id, a.id);
  }
}

const rank = (task: Task) => priorities.indexOf(task.priority);

/** When a task is due; tasks without a due date are last. */
const orNever = (task: Task) => dueTime(task) ?? Number.MAX_SAFE_INTEGER;
