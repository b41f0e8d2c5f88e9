"use client";

import { useSyncExternalStore } from "react";
import { type TaskSnapshot, taskStore } from "../store";
import type { Task } from "../task";

const atBuild: TaskSnapshot = { tasks: new Map(), loaded: false, waiting: 0, unsaved: [], ops: [] };

/** All tasks in this browser, including unsent changes. */
export function useTasks(): TaskSnapshot {
  return useSyncExternalStore(taskStore.subscribe, taskStore.getSnapshot, () => atBuild);
}

/** One task; the component rerenders only when this task changes. */
export function useTask(id: string | null): Task | undefined {
  return useSyncExternalStore(
    taskStore.subscribe,
    () => (id === null ? undefined : taskStore.get(id)),
    () => undefined,
  );
}
