"use client";

import { useDeferredValue, useMemo } from "react";
import { useNow } from "@/lib/time/now";
import type { TaskQuery } from "../view/query";
import { buildRows, type Rows } from "../view/rows";
import { useTasks } from "./use-tasks";

/** The rows of a query. A long list never delays typing in the search field. */
export function useRows(query: TaskQuery): Rows & { loaded: boolean } {
  const { tasks, loaded } = useTasks();
  const now = useNow();
  const q = useDeferredValue(query.q);
  const { view, project, tag, priority, sort } = query;
  const rows = useMemo(
    () => buildRows(tasks, { view, project, tag, priority, sort, q, task: null }, now),
    [tasks, view, project, tag, priority, sort, q, now],
  );
  return { ...rows, loaded };
}
