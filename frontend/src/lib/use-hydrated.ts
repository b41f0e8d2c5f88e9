import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Whether the page's scripts have taken over its HTML: false in the exported page and until React has hydrated it. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
