"use client";

import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { lazyModule } from "@/lib/lazy-part";
import { useMedia } from "@/lib/use-media";
import { taskStore } from "../store";
import type { Selection } from "./use-selection";

const touch = lazyModule(() => import("../touch"));
const swipes = lazyModule(() => import("../swiped"));

/** Long presses and swipes of rows, where there is a touch screen. */
export function useRowTouch(scroller: RefObject<HTMLElement | null>, selection: Selection) {
  const coarse = useMedia("(any-pointer: coarse)");
  const latest = useRef(selection);
  useLayoutEffect(() => {
    latest.current = selection;
  });
  useEffect(() => {
    const list = scroller.current;
    if (!coarse || !list) return;
    let stop: (() => void) | null = () => {};
    void touch().then(({ watchTouch }) => {
      if (!stop) return;
      stop = watchTouch(list, {
        selecting: () => latest.current.selected.size > 0,
        toggle: (id) => latest.current.toggle(id),
        isCompleted: (id) => taskStore.get(id)?.completed ?? false,
        swiped: (id, swipe) => void swipes().then((m) => m.swiped(id, swipe)),
      });
    });
    return () => {
      stop?.();
      stop = null;
    };
  }, [coarse, scroller]);
}
