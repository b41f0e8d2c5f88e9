"use client";

import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";

/** What Radix gives the focus if the part of a dialog that had it is gone. */
const fallbacks = "[role=dialog], [role=alertdialog]";

/** What gets the focus if an overlay opens that has no trigger: of the item of a menu, which closes, the button of the menu. */
function openerOf(focused: Element | null): Element | null {
  const menu = focused?.closest("[role=menu]");
  return menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : focused;
}

/**
 * Gives the focus back when an overlay closes: to its trigger, or to what had it when it opened, since many are opened by a key.
 * For a component that is mounted with the content of the overlay. Returns the handler for its `onCloseAutoFocus`.
 *
 * Radix gives it back a moment later, by a timer, and until then a key goes to the page. So it is given back before the next key;
 * and if a key or a press has moved it when the timer runs, for example into a dialog that it opened, it stays there.
 *
 * @param content - The element of the overlay.
 * @param onClosed - Called once the focus is back.
 */
export function useReturnFocus(content: RefObject<HTMLElement | null>, onClosed?: () => void) {
  const [focused] = useState(() => openerOf(document.activeElement));
  const opener = useRef(focused);
  const isMoved = () => {
    const now = document.activeElement;
    return now !== opener.current && now?.matches(`:not(body, ${fallbacks})`);
  };
  const giveBack = () => {
    const to = opener.current;
    if (to instanceof HTMLElement && to !== document.body) to.focus({ preventScroll: true });
  };
  const onGone = useEffectEvent(() => {
    if (!isMoved()) giveBack();
    onClosed?.();
  });
  // Not in a layout effect: Radix still holds the focus in the overlay then, by the element in it that had it last.
  useEffect(() => {
    const element = content.current;
    if (!element) return;
    opener.current = document.querySelector(`[aria-controls="${CSS.escape(element.id)}"]`) ?? focused;
    return () => {
      if (!element.isConnected) onGone();
    };
  }, [content, focused]);
  return (event: Event) => {
    if (isMoved()) event.preventDefault();
    else giveBack();
  };
}
