"use client";

import { useLayoutEffect, useRef } from "react";

interface Shown {
  /** What the rows were chosen and ordered by. */
  by: string;
  /** The slot of each row, in the order of the rows. */
  slots: ReadonlyMap<string, number>;
  /** The first slot that no row has had. */
  next: number;
  /** The key of the row that may have the focus. */
  active: string | null;
}

/**
 * The slots of the shown rows, by the rows' keys: React keeps one element for each slot. While tasks change, each row stays in
 * its slot, so that it keeps the focus, a press and what is typed. When other rows are wanted, they take over the slots of
 * those before, since to change a text takes the browser half as long as to lay out a new row. Only the active row, which may
 * have the focus, does not give its slot away; if it is shown again and still active, its element is not moved either.
 */
export function useSlots(keys: readonly string[], by: string, active: string | null): Shown["slots"] {
  const last = useRef<Shown>({ by, slots: new Map(), next: 0, active });
  // eslint-disable-next-line react-hooks/refs -- what is in the document is taken over, not what was rendered in vain
  const shown = slotsAfter(last.current, keys, by, active);
  useLayoutEffect(() => {
    last.current = shown;
  });
  return shown.slots;
}

function slotsAfter(last: Shown, keys: readonly string[], by: string, active: string | null): Shown {
  let { next } = last;
  if (by === last.by)
    return { by, slots: new Map(keys.map((key) => [key, last.slots.get(key) ?? next++])), next, active };
  const old = [...last.slots];
  const at = old.findIndex(([key]) => key === last.active);
  const [before, after] = [old.slice(0, Math.max(at, 0)), old.slice(at + 1)];
  const place = at < 0 || active !== last.active ? -1 : keys.findIndex((key) => key === active);
  let free = place < 0 ? [...before, ...after] : before;
  const slots = new Map<string, number>();
  keys.forEach((key, i) => {
    const [, slot] = (i === place ? old[at] : free.shift()) ?? [key, next++];
    slots.set(key, slot);
    if (i === place) free = after;
  });
  return { by, slots, next, active };
}
