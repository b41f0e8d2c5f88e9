"use client";

import { useCallback } from "react";
import { lazyPart } from "@/lib/lazy-part";
import { useSetTaskQuery, useTaskQuery } from "../hooks/use-task-query";

const TaskPanel = lazyPart(() => import("./panel/task-panel").then((m) => m.TaskPanel));

/** The details of the task in the address. */
export function OpenTask() {
  const { task } = useTaskQuery();
  const setQuery = useSetTaskQuery();
  const close = useCallback(() => setQuery({ task: null }), [setQuery]);
  const open = useCallback((id: string) => setQuery({ task: id }), [setQuery]);
  return task ? <TaskPanel id={task} onClose={close} onOpen={open} /> : null;
}
