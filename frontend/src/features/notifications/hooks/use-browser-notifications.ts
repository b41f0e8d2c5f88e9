"use client";

import { useSyncExternalStore } from "react";
import { type BrowserNotifications, browserNotifications } from "../browser";

export function useBrowserNotifications(): [BrowserNotifications, (on: boolean) => Promise<void>] {
  const state = useSyncExternalStore(
    browserNotifications.subscribe,
    browserNotifications.get,
    () => "none" as const,
  );
  return [state, (on) => browserNotifications.set(on)];
}
