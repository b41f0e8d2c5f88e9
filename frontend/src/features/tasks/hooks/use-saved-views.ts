"use client";

import { useSyncExternalStore } from "react";
import { type SavedView, savedViews } from "../saved-views";

const none: readonly SavedView[] = [];

export const useSavedViews = () => useSyncExternalStore(savedViews.subscribe, savedViews.getList, () => none);

/** A saved view; undefined if there is none, and null if that is not known yet. */
export function useSavedView(id: string | null): SavedView | undefined | null {
  return useSyncExternalStore(
    savedViews.subscribe,
    () => savedViews.get(id) ?? (savedViews.loaded ? undefined : null),
    () => null,
  );
}
