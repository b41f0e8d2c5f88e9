import * as words from "@/messages/moreActs";
import { notify } from "@/lib/notify";
import { uuidv7 } from "@/lib/uuid";
import { act, patchMany } from "./actions";
import { manyBetween } from "./changes";
import { subtree, topsOf } from "./outbox/effects";
import { taskStore } from "./store";
import type { NewTask, Task, TaskPatch } from "./task";
import { taskHref } from "./view/query";
import { comparator } from "./view/order";

const byPosition = comparator("position");
const held = (ids: readonly string[]) => ids.flatMap((id) => taskStore.get(id) ?? []);
const all = () => [...taskStore.snapshot.tasks.values()];

/** Positions after a task, before the next one. */
function after(task: Task, n: number): string[] {
  let next: string | null = null;
  for (const { position } of all()) {
    if (position > task.position && (next === null || position < next)) next = position;
  }
  return manyBetween(task.position, next, n);
}

/** Gives tasks these places, in the order that they have. */
function place(
  tasks: Task[],
  parent_id: string | null | undefined,
  positions: string[],
): [string, TaskPatch][] {
  return tasks
    .sort(byPosition)
    .map(({ id }, i) => [
      id,
      { ...(parent_id === undefined ? {} : { parent_id }), position: positions[i] ?? positions[0]! },
    ]);
}

function move(places: [string, TaskPatch][], text: string): void {
  const patches = new Map(places);
  patchMany([...patches.keys()], ({ id }) => patches.get(id) ?? {}, text);
}

/** Makes tasks subtasks of another one, after those that it has. */
export function moveBelow(ids: readonly string[], parent: Task): void {
  const moved = new Set(ids);
  const siblings = all().filter(({ parent_id, id }) => parent_id === parent.id && !moved.has(id));
  const last = siblings.sort(byPosition).at(-1);
  const positions = manyBetween(last?.position ?? parent.position, null, ids.length);
  move(place(held(ids), parent.id, positions), words.movedBelow({ title: parent.title }));
}

/** Makes tasks subtasks of the one above in the list. */
export function indent(ids: readonly string[], above?: string): void {
  const [parent] = held(above === undefined ? [] : [above]);
  if (parent) moveBelow(ids, parent);
}

/** Moves subtasks one level up, after their parent. */
export function outdent(ids: readonly string[]): void {
  const tasks = held(ids);
  const parents = held([...new Set(tasks.flatMap(({ parent_id }) => parent_id ?? []))]);
  const places = parents.flatMap((parent) => {
    const below = tasks.filter(({ parent_id }) => parent_id === parent.id);
    return place(below, parent.parent_id, after(parent, below.length));
  });
  move(places, words.movedOut());
}

/** Moves tasks before or after all others, in the order that they have. */
export function moveToEnd(ids: readonly string[], end: "top" | "bottom"): void {
  const moved = new Set(ids);
  const positions = all()
    .filter(({ id }) => !moved.has(id))
    .map(({ position }) => position)
    .sort();
  const free =
    end === "top"
      ? manyBetween(null, positions[0] ?? null, ids.length)
      : manyBetween(positions.at(-1) ?? null, null, ids.length);
  move(place(held(ids), undefined, free), words.movedToEnd({ end }));
}

/** Copies tasks with their subtasks. Each copy follows its original; nothing in it is completed. */
export function duplicate(ids: readonly string[]): void {
  const tasks = taskStore.snapshot.tasks;
  const tops = topsOf(tasks, held(ids));
  const [only] = tops;
  act(words.tasksDuplicated({ count: tops.length }), tops.length === 1 ? only?.title : undefined, () => {
    for (const top of tops) {
      const copies = new Map<string, string>();
      for (const task of subtree(tasks, top.id)) {
        const id = uuidv7();
        copies.set(task.id, id);
        const where =
          task === top
            ? { parent_id: top.parent_id, position: after(top, 1)[0] ?? top.position }
            : { parent_id: copies.get(task.parent_id ?? "") ?? null, position: task.position };
        taskStore.change({ kind: "create", id, task: { ...copyOf(task), ...where } });
      }
    }
  });
}

/** What a copy of a task takes from it. */
function copyOf(task: Task): NewTask {
  const { title, description, priority, project, section, tags, due_at, due_date } = task;
  const { timezone, reminders, overdue_reminders, recurrence } = task;
  return {
    ...{ title, description, priority, project, section, tags, due_at, due_date },
    ...{ timezone, reminders, overdue_reminders, recurrence },
  };
}

/** Copies the addresses of tasks to the clipboard, one a line. */
export function copyLink(ids: readonly string[]): void {
  const links = ids.map((task) => new URL(taskHref({ view: "all", task }), location.origin).href);
  navigator.clipboard.writeText(links.join("\n")).then(
    () => notify((toast) => toast(words.linksCopied({ count: links.length }))),
    () =>
      notify((toast) => toast.error(words.copyNotAllowed(), { description: links.slice(0, 3).join("\n") })),
  );
}
