"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { toast } from "sonner";
import { readAgain } from "@/lib/live/read-again";
import { useLiveEvent, useLiveStatus } from "@/lib/live/use-live";
import { notificationsKey } from "../api/keys";
import type { Notification } from "../notification";

/** Events within this many milliseconds cause one refetch. */
const batchDelay = 80;

/**
 * Keeps the notification queries current with the stream. It refetches instead of counting, because a stream that
 * resumes after a reload repeats events that the first response already includes.
 */
export function useNotificationStream(onRing: (rung: Notification[]) => void) {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const rung = useRef(new Map<string, Notification>());
  const refetch = () => {
    timer.current = undefined;
    void readAgain(queries, notificationsKey);
    if (rung.current.size > 0) onRing([...rung.current.values()]);
    rung.current.clear();
  };
  const refresh = () => {
    timer.current ??= setTimeout(refetch, batchDelay);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useLiveEvent("sync.notification-created", ({ notification }, _id, stale) => {
    refresh();
    if (notification && !stale) rung.current.set(notification.id, notification);
  });
  useLiveEvent("sync.notification-read", ({ notification }) => {
    refresh();
    if (!notification?.resolved_at) return;
    rung.current.delete(notification.id);
    toast.dismiss(notification.id);
  });
  useLiveEvent("sync.reset", refresh);
  // Requests made during an outage may have failed.
  const status = useLiveStatus();
  const again = useEffectEvent(refresh);
  useEffect(() => {
    if (status === "live") again();
  }, [status]);
}
