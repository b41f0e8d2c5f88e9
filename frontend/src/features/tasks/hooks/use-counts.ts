"use client";

import { useMemo } from "react";
import { useNow } from "@/lib/time/now";
import { useLate } from "@/lib/use-late";
import type { Task } from "../task";
import { countTasks, type Counts } from "../view/counts";
import { useTasks } from "./use-tasks";

/** Several components need the counts of the same tasks. */
const known = new WeakMap<ReadonlyMap<string, Task>, { now: number; counts: Counts }>();

function counted(tasks: ReadonlyMap<string, Task>, now: number): Counts {
  let found = known.get(tasks);
  if (found?.now !== now) known.set(tasks, (found = { now, counts: countTasks(tasks, now) }));
  return found.counts;
}

/** The number of open tasks of each view, project and tag. It comes a frame after a change, which it would delay. */
export function useCounts(): Counts {
  const tasks = useLate(useTasks().tasks);
  const now = useNow();
  return useMemo(() => counted(tasks, now), [tasks, now]);
}
