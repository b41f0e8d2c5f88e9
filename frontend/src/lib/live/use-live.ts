"use client";

import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { LiveStatus } from "./connection";
import type { LiveEventName } from "./events";
import { live, type LiveHandler } from "./live";

/** Calls the handler for every event of that name while the component is mounted. */
export function useLiveEvent<N extends LiveEventName>(name: N, handler: LiveHandler<N>) {
  const latest = useEffectEvent(handler);
  useEffect(() => live.on(name, (...event) => latest(...event)), [name]);
}

/** The status of the stream. */
export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(live.subscribe, live.getStatus, () => "connecting");
}
