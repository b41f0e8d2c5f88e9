"use client";

import { useSetTaskQuery } from "@/features/tasks";

/** Opens a task's details from any page and any list. */
export function useOpenTask() {
  const setQuery = useSetTaskQuery();
  return (task: string) =>
    setQuery({ view: "all", project: null, tag: null, q: "", priority: null, sort: null, task });
}
