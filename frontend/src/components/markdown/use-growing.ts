import { startTransition, useEffect, useState } from "react";

/** More than a screen shows of most texts. */
const first = 200;

/** Few enough to make and to lay out between two presses of the user. */
const step = 500;

/**
 * How many of the pieces of a text are shown: some at once, and more after each paint, up to all of them. What the user does
 * meanwhile comes first.
 */
export function useGrowing(total: number): number {
  const [until, setUntil] = useState(first);
  const growing = until < total;
  useEffect(() => {
    if (growing) startTransition(() => setUntil(until + step));
  }, [growing, until]);
  return until;
}
