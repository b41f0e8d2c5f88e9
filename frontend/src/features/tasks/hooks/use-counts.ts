"use client";

import { useMemo } from "react";
import { useNow } from "@/lib/time/now";
import { countTasks, type Counts } from "../view/counts";
import { useTasks } from "./use-tasks";

/** The number of open tasks of each view, project and tag. */
export function useCounts(): Counts {
  const { tasks } = useTasks();
  const now = useNow();
  return useMemo(() => countTasks(tasks, now), [tasks, now]);
}
