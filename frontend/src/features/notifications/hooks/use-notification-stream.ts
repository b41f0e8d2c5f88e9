"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { useLiveEvent, useLiveStatus } from "@/lib/live/use-live";
import { notificationsKey } from "../api/keys";
import type { Notification } from "../notification";

/** Many events that come together are one reason to ask. */
const together = 80;
/** What happened longer ago is replayed, after a reload or an outage: the badge tells of it, nothing rings. */
const news = 60_000;

/**
 * Has what is known of notifications follow the stream. It asks the server rather than counting by itself: a stream
 * that goes on after a reload tells again what the first answer has counted already.
 */
export function useNotificationStream(onRing: (rung: Notification[]) => void) {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const rung = useRef(new Map<string, Notification>());
  const settle = () => {
    timer.current = undefined;
    void queries.invalidateQueries({ queryKey: notificationsKey });
    if (rung.current.size > 0) onRing([...rung.current.values()]);
    rung.current.clear();
  };
  const refresh = () => {
    timer.current ??= setTimeout(settle, together);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useLiveEvent("sync.notification-created", ({ notification, timestamp }) => {
    refresh();
    if (notification && Date.now() - Date.parse(timestamp) < news)
      rung.current.set(notification.id, notification);
  });
  useLiveEvent("sync.notification-read", refresh);
  useLiveEvent("sync.reset", refresh);
  // What was asked while the server was away may have failed.
  const status = useLiveStatus();
  const again = useEffectEvent(refresh);
  useEffect(() => {
    if (status === "live") again();
  }, [status]);
}
