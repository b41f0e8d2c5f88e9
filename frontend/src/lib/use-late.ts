import { startTransition, useEffect, useState } from "react";
import { painted } from "./painted";

/**
 * A value as it was when the page was last painted. What is rendered with it never delays the paint of a change, as it may with
 * React's useDeferredValue, which renders again as soon as the first rendering is done.
 */
export function useLate<T>(value: T, initial = value): T {
  const [late, setLate] = useState(initial);
  useEffect(() => {
    let replaced = false;
    void painted().then(() => {
      if (!replaced) startTransition(() => setLate(() => value));
    });
    return () => {
      replaced = true;
    };
  }, [value]);
  return late;
}
