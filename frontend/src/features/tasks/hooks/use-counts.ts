"use client";

import { useDeferredValue, useMemo } from "react";
import { useNow } from "@/lib/time/now";
import type { Task } from "../task";
import { countTasks, type Counts } from "../view/counts";
import { useTasks } from "./use-tasks";

/** The latest counts: several components need those of the same tasks. */
let latest: { tasks: ReadonlyMap<string, Task>; now: number; counts: Counts } | null = null;

function counted(tasks: ReadonlyMap<string, Task>, now: number): Counts {
  if (latest?.tasks !== tasks || latest.now !== now) latest = { tasks, now, counts: countTasks(tasks, now) };
  return latest.counts;
}

/** The number of open tasks of each view, project and tag. It comes a frame after a change, which it would delay. */
export function useCounts(): Counts {
  const tasks = useDeferredValue(useTasks().tasks);
  const now = useNow();
  return useMemo(() => counted(tasks, now), [tasks, now]);
}
