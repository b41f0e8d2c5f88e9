import { type FocusEvent, useLayoutEffect, useRef } from "react";

interface Focused {
  row: Element;
  /** Which of the row's buttons. */
  button: number;
}

/**
 * Keeps the focus near a row that disappears with the button that has it: on the same button of the next row, else of the one
 * before, else on the heading of the list. Returns the properties of the list.
 */
export function useRowFocus() {
  const list = useRef<HTMLUListElement>(null);
  const parent = useRef<Element | null>(null);
  const rows = useRef<Element[]>([]);
  const last = useRef<Focused | null>(null);

  // After every rendering: while a row disappears, the buttons of the others may be disabled.
  useLayoutEffect(() => {
    const { row, button = 0 } = last.current ?? {};
    if (row && !row.isConnected && document.activeElement === document.body) {
      const at = rows.current.indexOf(row);
      const near = [...rows.current.slice(at + 1), ...rows.current.slice(0, at).reverse()];
      const next = near.flatMap((one) =>
        one.isConnected ? buttonsOf(one).slice(button, button + 1) : [],
      )[0];
      if (next?.disabled) return;
      if (next) next.focus();
      else focusHeading(parent.current);
    }
    if (row && !row.isConnected && !list.current?.contains(document.activeElement)) last.current = null;
    rows.current = [...(list.current?.children ?? [])];
    parent.current = list.current?.parentElement ?? parent.current;
  });

  return {
    ref: list,
    // What is in a row's dialog is not in the list, and the dialog gives back the focus.
    onFocus({ target, currentTarget }: FocusEvent<HTMLUListElement>) {
      const row = [...currentTarget.children].find((one) => one.contains(target));
      if (row) last.current = { row, button: buttonsOf(row).indexOf(target as Element as HTMLButtonElement) };
    },
    onBlur({ target, currentTarget, relatedTarget }: FocusEvent<HTMLUListElement>) {
      if (!relatedTarget && currentTarget.contains(target) && !target.matches(":disabled"))
        last.current = null;
    },
  };
}

const buttonsOf = (row: Element) => [...row.querySelectorAll("button")];

/** Focuses the heading that is nearest to an element. */
function focusHeading(from: Element | null) {
  for (let around = from; around; around = around.parentElement) {
    const heading = around.querySelector<HTMLElement>("h1, h2, h3");
    if (!heading) continue;
    heading.tabIndex = -1;
    heading.focus();
    return;
  }
}
