"use client";

import { useEffect, useLayoutEffect, useRef } from "react";
import { patchOf, patchTask } from "../changes";
import { overLimit } from "../limits";
import { taskStore } from "../store";
import type { Task, TaskPatch } from "../task";

/** Saves what is typed into a field when the field is closed; `seen` is the task when that began. */
export function useUnfinished(seen: Task, patch: TaskPatch | null) {
  const latest = useRef({ seen, patch });
  useLayoutEffect(() => {
    latest.current = { seen, patch };
  });
  useEffect(() => () => saveUnfinished(latest.current.seen, latest.current.patch), []);
}

/** Saves what was typed. What is over a limit cannot be saved, and is kept among the changes that could not be. */
export function saveUnfinished(seen: Task, patch: TaskPatch | null) {
  const change = patch && patchOf(seen, patch);
  // The field may have been saved when it was left, just before.
  if (!change || !patchOf(taskStore.get(seen.id) ?? seen, patch)) return;
  const problem = overLimit(change.patch);
  if (problem) taskStore.keep(change, problem);
  else patchTask(seen.id, change.patch, seen);
}
