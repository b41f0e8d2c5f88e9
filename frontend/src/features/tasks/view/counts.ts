import { startOfDay } from "@/lib/time/days";
import type { Task } from "../task";
import { dueTime, isOverdue } from "./due";
import type { View } from "./query";

export interface Counts {
  views: Record<View, number>;
  /** Open tasks by project and tag, in alphabetical order. */
  projects: [string, number][];
  tags: [string, number][];
}

/** Counts the open tasks for the navigation, in one pass. */
export function countTasks(tasks: ReadonlyMap<string, Task>, now: number): Counts {
  const views = { today: 0, upcoming: 0, overdue: 0, all: 0, completed: 0 };
  const projects = new Map<string, number>();
  const tags = new Map<string, number>();
  const tonight = startOfDay(now, 1).getTime();
  for (const task of tasks.values()) {
    if (task.completed) continue;
    views.all++;
    if (task.project) projects.set(task.project, (projects.get(task.project) ?? 0) + 1);
    for (const tag of task.tags) tags.set(tag, (tags.get(tag) ?? 0) + 1);
    const due = dueTime(task);
    if (due === null) continue;
    if (isOverdue(task, now)) views.overdue++;
    if (due < tonight) views.today++;
    else views.upcoming++;
  }
  return { views, projects: sorted(projects), tags: sorted(tags) };
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const sorted = (counts: Map<string, number>) => [...counts].sort(([a], [b]) => collator.compare(a, b));
