"use client";

import {
  type PointerEvent as ReactPointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { rightToLeft } from "@/lib/words/direction";

export interface Drag {
  id: string;
  /** The pointer's position in the window. */
  x: number;
  y: number;
  /** The index of the row before which it would be dropped; -1 outside of the list, or where rows have no order. */
  to: number;
}

interface Options {
  scroller: RefObject<HTMLElement | null>;
  /** Which list it is: a drag ends with it. */
  list: string;
  /** The index of the row before which a task lands at a height in the scrolled content; null where rows have no order. */
  gapAt: ((y: number, id: string) => number) | null;
  onDrop: (id: string, to: number) => void;
  /** Dropped on what has the attribute `data-drop`, with its value. */
  onDropInto: (id: string, target: string) => void;
}

const edge = 56;

/** Drags a row by its handle, with mouse, pen or finger; near an edge the list scrolls. */
export function useRowDrag({ scroller, list, gapAt, onDrop, onDropInto }: Options) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const latest = useRef({ gapAt, onDrop, onDropInto });
  const stop = useRef<() => void>(() => {});
  useLayoutEffect(() => {
    latest.current = { gapAt, onDrop, onDropInto };
  });
  useEffect(() => () => stop.current(), [list]);

  const grab = useCallback(
    (id: string, event: ReactPointerEvent) => {
      const list = scroller.current;
      if (event.button !== 0 || !list) return;
      event.preventDefault();
      event.stopPropagation();
      let now: Drag = { id, x: event.clientX, y: event.clientY, to: -1 };
      let frame = 0;
      let target: HTMLElement | null = null;
      let begun = false;

      const aim = (next: HTMLElement | null) => {
        if (next === target) return;
        target?.removeAttribute("data-over");
        next?.setAttribute("data-over", "");
        target = next;
      };
      const place = () => {
        aim(document.elementFromPoint(now.x, now.y)?.closest<HTMLElement>("[data-drop]") ?? null);
        const { top, left, right } = list.getBoundingClientRect();
        // Over the sidebar no row makes room.
        const beside = rightToLeft() ? now.x > right : now.x < left;
        const gapAt = beside ? null : latest.current.gapAt;
        now = { ...now, to: target ? -1 : (gapAt?.(now.y - top + list.scrollTop, id) ?? -1) };
        setDrag(now);
      };
      const scroll = () => {
        const { top, bottom } = list.getBoundingClientRect();
        const by =
          now.to < 0
            ? 0
            : now.y < top + edge
              ? now.y - top - edge
              : now.y > bottom - edge
                ? now.y - bottom + edge
                : 0;
        if (by) {
          list.scrollTop += by / 4;
          place();
        }
        frame = requestAnimationFrame(scroll);
      };
      const move = (e: PointerEvent) => {
        begun = true;
        now = { ...now, x: e.clientX, y: e.clientY };
        place();
      };
      const finish = (drop: boolean) => {
        const into = target?.dataset.drop;
        stop.current();
        if (drop && into) latest.current.onDropInto(id, into);
        else if (drop && now.to >= 0) latest.current.onDrop(id, now.to);
      };
      const up = (e: PointerEvent) => {
        if (begun) move(e); // the list may have changed below a pointer that rested
        finish(true);
      };
      const cancel = () => finish(false);
      const key = (e: KeyboardEvent) => {
        if (e.key !== "Escape") return;
        e.preventDefault();
        finish(false);
      };
      stop.current = () => {
        cancelAnimationFrame(frame);
        aim(null);
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", up);
        window.removeEventListener("pointercancel", cancel);
        window.removeEventListener("keydown", key, true);
        setDrag(null);
        stop.current = () => {};
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", up);
      window.addEventListener("pointercancel", cancel);
      window.addEventListener("keydown", key, true);
      frame = requestAnimationFrame(scroll);
    },
    [scroller],
  );
  return { drag, grab };
}
