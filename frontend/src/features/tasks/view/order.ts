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

/** The order of the latest list. Tasks are held weakly: when a session ends, none of them stays in memory. */
interface Latest {
  ids: readonly string[];
  tasks: WeakSet<Task>;
  by: Intl.Collator;
}

const latest = new Map<Sort, Latest>();

/** All tasks in an order, which searches and views of the same tasks share. */
export function ordered(tasks: Tasks, sort: Sort): readonly Task[] {
  const by = collator();
  const known = orders.get(tasks) ?? new Map<Sort, Order>();
  const found = known.get(sort);
  if (found?.by === by) return found.list;
  const before = latest.get(sort);
  const list = sorted(tasks, before?.by === by ? unchanged(tasks, before) : [], comparator(sort));
  latest.set(sort, { ids: list.map(({ id }) => id), tasks: new WeakSet(list), by });
  orders.set(tasks, known.set(sort, { list, by }));
  return list;
}

/** The tasks that are as they were in the latest list, in its order. */
function unchanged(tasks: Tasks, { ids, tasks: before }: Latest): Task[] {
  const same = ids.map((id) => tasks.get(id));
  return same.filter((task) => task !== undefined && before.has(task)) as Task[];
}

/**
 * Sorts tasks of which some, mostly nearly all, are in order already. Only the others are compared: titles are compared by the
 * rules of a language, which is slow.
 */
function sorted(tasks: Tasks, stayed: Task[], compareTasks: (a: Task, b: Task) => number): Task[] {
  if (stayed.length === tasks.size) return stayed;
  const known = new Set(stayed);
  const others = [...tasks.values()].filter((task) => !known.has(task)).sort(compareTasks);
  const list: Task[] = [];
  let next = 0;
  for (const task of others) {
    const place = placeOf(task, stayed, next, compareTasks);
    while (next < place) list.push(stayed[next++]!);
    list.push(task);
  }
  while (next < stayed.length) list.push(stayed[next++]!);
  return list;
}

/** Where a task belongs in a sorted list, of which the first so many are known to come before it. */
function placeOf(
  task: Task,
  list: readonly Task[],
  from: number,
  compareTasks: (a: Task, b: Task) => number,
): number {
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compareTasks(list[middle]!, task) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
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
