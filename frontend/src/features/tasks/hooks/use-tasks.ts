"use client";

import { useSyncExternalStore } from "react";
import { type TaskSnapshot, taskStore } from "../store";
import type { Task } from "../task";

const atBuild: TaskSnapshot = { tasks: new Map(), loaded: false, waiting: 0 };

/** All tasks that this browser has, as the user sees them. */
export function useTasks(): TaskSnapshot {
  return useSyncExternalStore(taskStore.subscribe, taskStore.getSnapshot, () => atBuild);
}

/** One task; the component is drawn anew only when this one has changed. */
export function useTask(id: string | null): Task | undefined {
  return useSyncExternalStore(
    taskStore.subscribe,
    () => (id === null ? undefined : taskStore.get(id)),
    () => undefined,
  );
}
