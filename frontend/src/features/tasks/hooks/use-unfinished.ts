"use client";

import { useEffect, useLayoutEffect, useRef } from "react";
import { patchOf, patchTask } from "../changes";
import { overLimit } from "../limits";
import { taskStore } from "../store";
import type { Task, TaskPatch } from "../task";

/** Saves what is typed into a field when the field is closed. */
export function useUnfinished(task: Task, patch: TaskPatch | null) {
  const latest = useRef({ task, patch });
  useLayoutEffect(() => {
    latest.current = { task, patch };
  });
  useEffect(() => () => saveUnfinished(latest.current.task, latest.current.patch), []);
}

/** Saves what was typed. What is over a limit cannot be saved, and is kept among the changes that could not be. */
export function saveUnfinished(task: Task, patch: TaskPatch | null) {
  // The field may have been saved when it was left, just before.
  const change = patch && patchOf(taskStore.get(task.id) ?? task, patch);
  if (!change) return;
  const problem = overLimit(change.patch);
  if (problem) taskStore.keep(change, problem);
  else patchTask(task.id, change.patch);
}
