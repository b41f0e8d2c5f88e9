"use client";

import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import type { CommandId } from "./commands";
import { initialKeys, type Keys, keymap } from "./keymap";
import { type KeyBinding, keyRegistry } from "./registry";

/** Binds commands while the component is mounted. The handlers are always the latest. */
export function useKeys(bindings: readonly KeyBinding[]) {
  const latest = useRef(bindings);
  useLayoutEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => keyRegistry.register(latest), []);
}

const none: readonly CommandId[] = [];

/** The commands of the current page. */
export function useCommands(): readonly CommandId[] {
  return useSyncExternalStore(keyRegistry.subscribe, keyRegistry.commands, () => none);
}

/** Which keys do what. */
export function useKeymap(): Keys {
  return useSyncExternalStore(keymap.subscribe, keymap.get, () => initialKeys);
}
