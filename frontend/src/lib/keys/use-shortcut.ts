"use client";

import type { CommandId } from "./commands";
import { ariaKeys, keysInWords } from "./key-names";
import { activeKeys } from "./keymap";
import { useKeymap } from "./use-keys";

/** The tooltip of a button that does the same as a command, and its key for screen readers. */
export function useShortcut(label: string, command?: CommandId) {
  const keymap = useKeymap();
  const keys = command && activeKeys(keymap, command)[0];
  if (!keys) return { title: label };
  return { title: `${label} (${keysInWords(keys)})`, "aria-keyshortcuts": ariaKeys(keys) };
}
