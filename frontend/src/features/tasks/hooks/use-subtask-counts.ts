"use client";

import { useMemo } from "react";
import { useTasks } from "./use-tasks";

/** The number of subtasks of a task, and how many of them are completed. */
export type SubtaskCounts = ReadonlyMap<string, readonly [number, number]>;

export function useSubtaskCounts(): SubtaskCounts {
  const { tasks } = useTasks();
  return useMemo(() => {
    const counts = new Map<string, readonly [number, number]>();
    for (const { parent_id, completed } of tasks.values()) {
      if (parent_id === null) continue;
      const [all, done] = counts.get(parent_id) ?? [0, 0];
      counts.set(parent_id, [all + 1, done + (completed ? 1 : 0)]);
    }
    return counts;
  }, [tasks]);
}
