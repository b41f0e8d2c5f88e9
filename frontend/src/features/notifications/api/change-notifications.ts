import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/api/problem";
import * as words from "@/messages/notifications";
import type { Notification } from "../notification";
import { notificationsOptions } from "./get-notifications";
import { unreadCountOptions } from "./get-unread-count";
import { notificationsKey } from "./keys";

interface Change<T> {
  send: (subject: T) => Promise<unknown>;
  /** The notification after the change; null if it is no longer listed. */
  edit: (notification: Notification, subject: T) => Notification | null;
}

/** An optimistic update; the server's response replaces it. */
function useChange<T>({ send, edit }: Change<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onMutate: async (subject) => {
      await queries.cancelQueries({ queryKey: notificationsKey });
      foresee(queries, (notification) => edit(notification, subject));
    },
    onError: (error) => toast.error(words.failed(), { description: explain(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationsKey }),
  });
}

function foresee(queries: QueryClient, edit: (notification: Notification) => Notification | null) {
  let fewer = 0;
  queries.setQueryData(notificationsOptions().queryKey, (list) => {
    if (!list) return list;
    const pages = list.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((before) => {
        const after = edit(before);
        if (!before.read_at && (!after || after.read_at)) fewer++;
        return after ? [after] : [];
      }),
    }));
    return { ...list, pages };
  });
  queries.setQueryData(unreadCountOptions().queryKey, (count) =>
    count === undefined ? count : Math.max(0, count - fewer),
  );
}

const path = (id: string) => `/api/notifications/${encodeURIComponent(id)}`;
const read = (notification: Notification): Notification => ({
  ...notification,
  read_at: notification.read_at ?? new Date().toISOString(),
});

export const useReadNotification = () =>
  useChange<string>({
    send: (id) => api.patch(`${path(id)}/read`, undefined),
    edit: (notification, id) => (notification.id === id ? read(notification) : notification),
  });

export const useReadAllNotifications = () =>
  useChange<void>({ send: () => api.post("/api/notifications/read-all"), edit: read });

export const useSnoozeNotification = () =>
  useChange<{ id: string; for: string }>({
    send: (snooze) => api.post(`${path(snooze.id)}/snooze`, { for: snooze.for }),
    edit: (notification, { id }) => (notification.id === id ? null : notification),
  });
