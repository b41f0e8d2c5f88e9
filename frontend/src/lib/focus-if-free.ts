"use client";

import { useState } from "react";

const focused = () => (typeof document === "undefined" ? null : document.activeElement);

/**
 * Gives the focus to an element that comes later than it was asked for, unless the user has moved the focus since: what is typed
 * would be lost, or act on the wrong task.
 *
 * @param askedFrom - What had the focus when the element was asked for. It may be gone, and the focus with it.
 */
export function focusIfFree(
  element: HTMLElement | null | undefined,
  askedFrom: Element | null,
  options?: FocusOptions,
) {
  const now = focused();
  if (now === askedFrom || now === document.body) element?.focus(options);
}

/** What had the focus when something was asked for, such as the details of a task, whose code may come later. */
export function useAskedFrom(asked: unknown): Element | null {
  const [last, setLast] = useState(() => ({ asked, from: focused() }));
  if (last.asked !== asked) setLast(() => ({ asked, from: focused() }));
  return last.from;
}
