"use client";

import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query matches; false until the browser has evaluated it. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => false,
  );
}

export const usePhone = () => useMedia("(max-width: 639px)");
