import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { notificationsKey } from "./keys";

/** The number of notifications that are neither read, snoozed nor resolved. */
export const unreadCountOptions = () =>
  queryOptions({
    queryKey: [...notificationsKey, "unread-count"],
    queryFn: async ({ signal }) =>
      (await api.get<{ count: number }>("/api/notifications/unread-count", { signal })).count,
    // Between two pages no bell is mounted to receive stream events.
    refetchOnMount: "always",
  });

export const useUnreadCount = (enabled: boolean) => useQuery({ ...unreadCountOptions(), enabled });
