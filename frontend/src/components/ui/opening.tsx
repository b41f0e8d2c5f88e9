"use client";

import { useEffect } from "react";

interface OpeningProps {
  onGiveUp: () => void;
  /** Takes a key before the page does. */
  onKey?: (event: KeyboardEvent) => void;
}

/** The button of a menu that opens: another press of it is its own. */
const toggle = "[aria-haspopup][aria-expanded=true]";

/**
 * Stands for a dialog or a menu that was asked for and is not there yet, such as before its code is. A press elsewhere, Tab and
 * Escape give it up: it would open later, under whatever the user has begun since. A focus that moves without them does not: a
 * menu gives it back to its button after its item has asked for a dialog.
 */
export function Opening({ onGiveUp, onKey }: OpeningProps) {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.isComposing) return;
      const { key } = event;
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (plain && key === "Tab") return onGiveUp();
      if (!plain || key !== "Escape") return onKey?.(event);
      event.preventDefault();
      event.stopPropagation();
      onGiveUp();
    }
    function onPress({ target }: PointerEvent) {
      if (!(target instanceof Element && target.closest(toggle))) onGiveUp();
    }
    document.addEventListener("keydown", onKeyDown, true);
    document.addEventListener("pointerdown", onPress, true);
    return () => {
      document.removeEventListener("keydown", onKeyDown, true);
      document.removeEventListener("pointerdown", onPress, true);
    };
  }, [onGiveUp, onKey]);
  // The keyboard shortcuts of the page rest.
  return <span hidden data-opening />;
}
