"use client";

import { useSetTaskQuery } from "@/features/tasks";

/** Opens a task's details, from whatever page and whatever list. */
export function useOpenTask() {
  const setQuery = useSetTaskQuery();
  return (task: string) =>
    setQuery({ view: "all", project: null, tag: null, q: "", priority: null, sort: null, task });
}
