import { startOfDay } from "@/lib/time/days";
import { collator } from "@/lib/words/per-locale";
import type { Task } from "../task";
import { dueTime, isOverdue } from "./due";
import type { TaskQuery, View } from "./query";
import { hiddenBelowParent } from "./rows";

export interface Counts {
  views: Record<View, number>;
  /** Open tasks by project and tag, in alphabetical order. */
  projects: [string, number][];
  tags: [string, number][];
}

/** Counts the open tasks for the navigation, in one pass: as many as the list of each has rows. */
export function countTasks(tasks: ReadonlyMap<string, Task>, now: number): Counts {
  const views = { inbox: 0, today: 0, upcoming: 0, overdue: 0, all: 0, completed: 0 };
  const projects = new Map<string, number>();
  const tags = new Map<string, number>();
  const tonight = startOfDay(now, 1).getTime();
  for (const task of tasks.values()) {
    if (task.completed) continue;
    const listed = (scope: Scope) => !hiddenBelowParent(task, tasks, scope);
    const { project } = task;
    if (listed({ project: null, tag: null })) {
      views.all++;
      if (!project) views.inbox++;
    }
    if (project) add(projects, project, listed({ project, tag: null }));
    for (const tag of task.tags) add(tags, tag, listed({ project: null, tag }));
    const due = dueTime(task);
    if (due === null) continue;
    if (isOverdue(task, now)) views.overdue++;
    if (due < tonight) views.today++;
    else views.upcoming++;
  }
  return { views, projects: sorted(projects), tags: sorted(tags) };
}

type Scope = Pick<TaskQuery, "project" | "tag">;

/** A project whose tasks are all below others is named too. */
const add = (counts: Map<string, number>, name: string, listed: boolean) =>
  counts.set(name, (counts.get(name) ?? 0) + (listed ? 1 : 0));

const sorted = (counts: Map<string, number>) => {
  const { compare } = collator();
  return [...counts].sort(([a], [b]) => compare(a, b));
};
