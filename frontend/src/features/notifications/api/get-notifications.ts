import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { notificationsKey } from "./keys";

/** The notifications that are still true, newest first. */
export const notificationsOptions = () =>
  infiniteQueryOptions({
    queryKey: [...notificationsKey, "list"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schema["NotificationPage"]>("/api/notifications", {
        query: { limit: 30, resolved: "false", cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchOnMount: "always",
  });

export const useNotifications = () => useInfiniteQuery(notificationsOptions());
