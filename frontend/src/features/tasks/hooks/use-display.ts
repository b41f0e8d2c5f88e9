"use client";

import { useCallback } from "react";
import { lazyModule } from "@/lib/lazy-part";
import { type Display, listMemory } from "../list-memory";
import type { TaskQuery } from "../view/query";
import { useSetTaskQuery } from "./use-task-query";

const loadChanges = lazyModule(() => import("../change-views"));

/** Changes how a list is shown: a saved view on every device, another list in this browser. */
export function useDisplay(query: TaskQuery): (display: Display) => void {
  const setQuery = useSetTaskQuery();
  return useCallback(
    (display) => {
      const { saved } = query;
      if (saved) return void loadChanges().then(({ displayView }) => displayView(saved, display));
      listMemory.remember(query, display);
      setQuery(display);
    },
    [query, setQuery],
  );
}
