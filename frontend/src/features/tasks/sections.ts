import { listMemory } from "./list-memory";
import { taskStore } from "./store";
import type { TaskQuery } from "./view/query";
import { sameName } from "./view/search";

/** Hides the tasks of a section in a list, or shows them again. */
export function setCollapsed(query: TaskQuery, section: string, collapsed: boolean): void {
  const others = (listMemory.of(query).collapsed ?? []).filter((id) => id !== section);
  listMemory.remember(query, { collapsed: collapsed ? [...others, section] : others });
}

/** The position of the last task in a section of a project, or null if there is none. */
export function lastPosition(project: string, section: string): string | null {
  let last: string | null = null;
  for (const task of taskStore.snapshot.tasks.values()) {
    if (!sameName(task.project, project) || !sameName(task.section, section)) continue;
    if (last === null || task.position > last) last = task.position;
  }
  return last;
}
