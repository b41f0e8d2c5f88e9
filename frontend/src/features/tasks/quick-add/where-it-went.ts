import { show } from "@/messages/common";
import { addedTo } from "@/messages/whereItWent";
import { viewLabel } from "@/features/shell";
import { lazyModule } from "@/lib/lazy-part";
import { notify } from "@/lib/notify";
import { startOfDay } from "@/lib/time/days";
import { taskStore } from "../store";
import type { Task } from "../task";
import { dueTime } from "../view/due";
import { plainQuery, type TaskQuery } from "../view/query";
import { isListed } from "../view/rows";

const loadArrange = lazyModule(() => import("../view/arrange"));

type Place = Pick<TaskQuery, "view" | "project">;

/** A list that shows a task. */
function placeOf({ project, ...task }: Task, now: number): Place {
  const due = dueTime(task);
  if (due !== null) return { view: due < startOfDay(now, 1).getTime() ? "today" : "upcoming", project: null };
  return { view: project ? "all" : "inbox", project };
}

async function lists(query: TaskQuery, task: Task, now: number): Promise<boolean> {
  const { tasks } = taskStore.snapshot;
  if (!query.filter) return isListed(task, tasks, query, now);
  const { arrange } = await loadArrange();
  return arrange(tasks, query, { now, weekStart: 1 }).ids.includes(task.id);
}

/** If the current list, if there is one, does not show a new task, says which one does. */
export async function sayWhereItWent(
  id: string,
  query: TaskQuery | null,
  go: (to: Partial<TaskQuery>) => void,
): Promise<void> {
  const task = taskStore.get(id);
  const now = Date.now();
  if (!task || (query && (await lists(query, task, now)))) return;
  const place = placeOf(task, now);
  const list = place.project ?? viewLabel(place.view);
  void notify((toast) =>
    toast(addedTo({ list }), {
      description: task.title,
      duration: 8000,
      action: { label: show(), onClick: () => go({ ...plainQuery, ...place, task: id }) },
    }),
  );
}
