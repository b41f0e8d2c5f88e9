"use client";

import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { type KeyBinding, keyRegistry } from "./registry";

/** Binds keys while the component is mounted. The handlers are always the latest. */
export function useKeys(bindings: readonly KeyBinding[]) {
  const latest = useRef(bindings);
  useLayoutEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => keyRegistry.register(latest), []);
}

const none: readonly KeyBinding[] = [];

/** All active key bindings. */
export function useAllKeys(): readonly KeyBinding[] {
  return useSyncExternalStore(keyRegistry.subscribe, keyRegistry.getSnapshot, () => none);
}
