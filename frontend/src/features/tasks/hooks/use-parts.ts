"use client";

import { useMemo } from "react";
import { useTasks } from "./use-tasks";

/** How many subtasks a task has, and how many of them are done. */
export type Parts = ReadonlyMap<string, readonly [number, number]>;

export function useParts(): Parts {
  const { tasks } = useTasks();
  return useMemo(() => {
    const parts = new Map<string, readonly [number, number]>();
    for (const { parent_id, completed } of tasks.values()) {
      if (parent_id === null) continue;
      const [all, done] = parts.get(parent_id) ?? [0, 0];
      parts.set(parent_id, [all + 1, done + (completed ? 1 : 0)]);
    }
    return parts;
  }, [tasks]);
}
