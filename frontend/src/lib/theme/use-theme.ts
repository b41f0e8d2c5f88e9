"use client";

import { useSyncExternalStore } from "react";
import { type Theme, themeStore } from "./theme";

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(themeStore.subscribe, themeStore.get, () => "system" as const);
  return [theme, (next) => themeStore.set(next)];
}
