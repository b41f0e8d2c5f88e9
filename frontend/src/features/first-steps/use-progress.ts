"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { useLiveEvent } from "@/lib/live/use-live";
import { useReadAgain } from "@/lib/live/use-read-again";
import { type EventStep, stepsDone } from "./steps";

export type Step = EventStep | "device";

/** What the user has done: by the first events of the account, and by its sessions. */
const progressOptions = () =>
  queryOptions({
    queryKey: ["first-steps"],
    queryFn: async ({ signal }) => {
      const [history, sessions] = await Promise.all([
        api.get<Schema["HistoryPage"]>("/api/history", { query: { limit: 200 }, signal }),
        api.get<Schema["SessionPage"]>("/api/auth/sessions", { signal }),
      ]);
      const done = new Set<Step>(stepsDone(history.items));
      if (sessions.items.length > 1) done.add("device");
      return done;
    },
    refetchOnWindowFocus: true,
  });

/** The steps that are done; a sign-in on another device comes with a notification. */
export function useProgress(): ReadonlySet<Step> | undefined {
  const again = useReadAgain(progressOptions().queryKey);
  useLiveEvent("sync.notification-created", again);
  return useQuery(progressOptions()).data;
}
