"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import type { LiveEvents } from "./events";
import { readAgain } from "./read-again";
import { useLiveEvent } from "./use-live";

/** Reads a query again after each change of a task that it shows, and after `sync.reset`, which stands for any changes. */
export function useReadAgain(
  queryKey: QueryKey,
  shows: (change: LiveEvents["sync.task-changed"]) => boolean = () => true,
) {
  const queries = useQueryClient();
  const again = () => void readAgain(queries, queryKey);
  useLiveEvent("sync.task-changed", (change) => {
    if (shows(change)) again();
  });
  useLiveEvent("sync.reset", again);
  return again;
}
