import { useEffect, useEffectEvent } from "react";
import { languageStore } from "./language";

/**
 * Runs something once, in the page that the user sees. A page is rendered in English first and, when another language has been
 * fetched, anew: what can be done only once, such as to use up a code, would be done for the rendering that is thrown away.
 */
export function useOnceShown(run: () => void): void {
  const done = useEffectEvent(run);
  useEffect(() => {
    let replaced = false;
    void languageStore.ready().then(() => {
      if (!replaced) done();
    });
    return () => {
      replaced = true;
    };
  }, []);
}
