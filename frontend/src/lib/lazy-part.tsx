"use client";

import { type ComponentType, createElement, useEffect, useSyncExternalStore } from "react";

const retryAfter = 2000;
const parts: (() => void)[] = [];

/**
 * A component that the first render does not need, in its own chunk. Until this is there, and while the properties do not want it,
 * another can stand in. If the chunk cannot be fetched, for example offline, the import is retried, and nothing else breaks.
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  standIn?: ComponentType<P>,
  wanted: (props: P) => boolean = () => true,
) {
  let loaded: ComponentType<P> | null = null;
  let begun = false;
  const listeners = new Set<() => void>();
  const start = () => {
    if (begun) return;
    begun = true;
    load().then(
      (component) => {
        loaded = component;
        for (const listener of listeners) listener();
      },
      () => {
        begun = false;
        setTimeout(start, retryAfter);
      },
    );
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  parts.push(start);
  return function LazyPart(props: P) {
    const component = useSyncExternalStore(
      subscribe,
      () => loaded,
      () => null,
    );
    const wants = wanted(props);
    useEffect(() => {
      if (wants) start();
    }, [wants]);
    const shown = (wants && component) || standIn;
    return shown ? createElement(shown, props) : null;
  };
}

/** A module that the first render does not need, in its own chunk. */
export function lazyModule<M>(load: () => Promise<M>): () => Promise<M> {
  parts.push(() => void load().catch(() => {})); // the next use tries again
  return load;
}

/** Fetches all missing chunks ahead of use, and so that they are available offline. */
export function preloadParts() {
  for (const start of parts) start();
}
