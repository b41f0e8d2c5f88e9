"use client";

import { useState } from "react";

/**
 * Gives the focus back to what had it when a dialog opened. Radix does so only for dialogs with a trigger, and many are opened
 * by a key.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    if (!(opener instanceof HTMLElement) || !opener.isConnected || opener === document.body) return;
    event.preventDefault();
    opener.focus({ preventScroll: true });
  };
}
