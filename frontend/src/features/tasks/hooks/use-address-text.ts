"use client";

import { useEffect, useRef, useState } from "react";

interface Options {
  /** The text in the address. */
  held: string;
  /** What the address should hold for what was typed; null for nothing new. */
  meant: (text: string) => string | null;
  /** Changes the address; the same function in each render. */
  tell: (text: string) => void;
  /** The shortest time from one change of the address to the next, in milliseconds. */
  pause: number;
}

/** A text that the user types. The address follows at once, or as soon after the last change as it may. */
export function useAddressText({ held, meant, tell, pause }: Options): [string, (text: string) => void] {
  const [text, setText] = useState(held);
  const [shown, setShown] = useState(held);
  // The texts that the address was given, from the one that it is known to have.
  const [told, setTold] = useState([held]);
  // When navigation or the back button changes the address, its text replaces the input. The echo of the user's own
  // input is ignored: by then there may be more of it, and more echoes on the way.
  if (shown !== held) {
    setShown(held);
    const echo = told.lastIndexOf(held);
    setTold(echo < 0 ? [held] : told.slice(echo));
    if (echo < 0) setText(held);
  }
  const toldAt = useRef(-Infinity);
  const next = meant(text);
  const latest = told.at(-1);
  useEffect(() => {
    if (next === null || next === latest) return;
    const timer = setTimeout(
      () => {
        toldAt.current = performance.now();
        setTold((now) => [...now, next]);
        tell(next);
      },
      toldAt.current + pause - performance.now(),
    );
    return () => clearTimeout(timer);
  }, [next, latest, tell, pause]);
  return [text, setText];
}
