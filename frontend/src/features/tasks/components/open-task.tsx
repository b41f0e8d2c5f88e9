"use client";

import { useCallback } from "react";
import { useAskedFrom } from "@/lib/focus-if-free";
import { lazyPart } from "@/lib/lazy-part";
import { useSetTaskQuery, useTaskQuery } from "../hooks/use-task-query";

const TaskPanel = lazyPart(() => import("./panel/task-panel").then((m) => m.TaskPanel));

/** The details of the task in the address. */
export function OpenTask() {
  const { task } = useTaskQuery();
  const setQuery = useSetTaskQuery();
  const close = useCallback(() => setQuery({ task: null }), [setQuery]);
  const open = useCallback((id: string) => setQuery({ task: id }), [setQuery]);
  const askedFrom = useAskedFrom(task);
  return task ? <TaskPanel id={task} askedFrom={askedFrom} onClose={close} onOpen={open} /> : null;
}
