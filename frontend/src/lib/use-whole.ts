import { useDeferredValue } from "react";

/** False in a component's first render, which then shows only what is seen at once, and true in the one after it. */
export const useWhole = (): boolean => useDeferredValue(true, false);
