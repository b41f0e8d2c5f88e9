"use client";

import { useMemo } from "react";
import { useTasks } from "./use-tasks";

/** The server allows no more; two devices offline can make a circle of tasks, until it refuses one of the changes. */
const mostLevels = 10;

/** The number of subtasks of a task, of all levels, and how many of them are completed. */
export type SubtaskCounts = ReadonlyMap<string, readonly [number, number]>;

export function useSubtaskCounts(): SubtaskCounts {
  const { tasks } = useTasks();
  return useMemo(() => {
    const counts = new Map<string, readonly [number, number]>();
    for (const { parent_id, completed } of tasks.values()) {
      for (let up = parent_id, levels = 0; up !== null && levels < mostLevels; levels++) {
        const [all, done] = counts.get(up) ?? [0, 0];
        counts.set(up, [all + 1, done + (completed ? 1 : 0)]);
        up = tasks.get(up)?.parent_id ?? null;
      }
    }
    return counts;
  }, [tasks]);
}
