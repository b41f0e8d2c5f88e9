import { useEffect, useRef } from "react";

/**
 * A callback for an answer that may come late: it does nothing once the component is gone. Otherwise the answer for a dialog that was
 * closed would close the next one, or leave the page that the user has gone to.
 */
export function useWhileMounted<Args extends unknown[]>(
  callback: (...args: Args) => void,
): (...args: Args) => void {
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return (...args) => {
    if (mounted.current) callback(...args);
  };
}
