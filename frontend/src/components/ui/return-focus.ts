"use client";

import { useState } from "react";

/** What Radix gives the focus if the part of a dialog that had it is gone. */
const fallbacks = "[role=dialog], [role=alertdialog]";

/**
 * Radix returns the focus a moment after something closed, by a timer. If a key or a press has moved the focus since, for
 * example into a dialog that it opened, the focus stays there: what is typed would be lost.
 */
export function stayIfMoved(event: Event) {
  const moved = document.activeElement?.matches(`:not(body, ${fallbacks})`);
  if (moved) event.preventDefault();
}

/**
 * Gives the focus back to what had it when a dialog opened. Radix does so only for dialogs with a trigger, and many are opened
 * by a key.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    stayIfMoved(event);
    if (event.defaultPrevented) return;
    if (!(opener instanceof HTMLElement) || !opener.isConnected || opener === document.body) return;
    event.preventDefault();
    opener.focus({ preventScroll: true });
  };
}
