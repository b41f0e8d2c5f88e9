"use client";

import { Bell } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { useKeys } from "@/lib/keys/use-keys";
import { lazyPart } from "@/lib/lazy-part";
import { useSession } from "@/lib/session/use-session";
import { useReadNotification } from "./api/change-notifications";
import { useUnreadCount } from "./api/get-unread-count";
import { showInBrowser } from "./browser";
import { useNotificationStream } from "./hooks/use-notification-stream";
import { useOpenTask } from "./hooks/use-open-task";
import type { Notification } from "./notification";

const Panel = lazyPart(() => import("./components/panel").then((m) => m.NotificationPanel));

/** More notifications at once are shown as one toast. */
const few = 3;

/** The bell in the header: the number of unread notifications, and the panel that lists them. */
export function NotificationBell() {
  const [open, setOpen] = useState(false);
  const { status } = useSession();
  const { data: unread = 0 } = useUnreadCount(status === "in");
  const openTask = useOpenTask();
  const read = useReadNotification();
  const goToTask = (task: string) => {
    setOpen(false);
    openTask(task);
  };
  /** Shows the task, or the list of a digest. */
  const go = (notification: Notification) => {
    if (!notification.task_id) return setOpen(true);
    if (!notification.read_at) read.mutate(notification.id);
    goToTask(notification.task_id);
  };
  useNotificationStream((rung) => {
    if (rung.length > few) {
      const text = `${rung.length} reminders`;
      if (document.visibilityState === "visible")
        toast(text, {
          id: "rung",
          duration: 10_000,
          action: { label: "Show", onClick: () => setOpen(true) },
        });
      return;
    }
    for (const notification of rung) {
      if (document.visibilityState === "hidden") showInBrowser(notification, () => go(notification));
      else
        toast(notification.title, {
          id: notification.id,
          description: notification.body,
          duration: 10_000,
          action: { label: notification.task_id ? "Open" : "Show", onClick: () => go(notification) },
        });
    }
  });
  useKeys([{ keys: "g n", label: "Notifications", group: "Go to", run: () => setOpen(true) }]);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button
          look="ghost"
          size="icon"
          className="relative [&_svg]:size-4.5"
          aria-label={unread > 0 ? `Notifications, ${unread} unread` : "Notifications"}
        >
          <Bell />
          {unread > 0 ? (
            <span
              aria-hidden
              data-unread={unread}
              className="tabular absolute top-0.5 right-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-[0.6875rem] leading-none font-semibold text-accent-ink ring-2 ring-paper"
            >
              {unread > 99 ? "99+" : unread}
            </span>
          ) : null}
        </Button>
      </PopoverTrigger>
      <PopoverContent
        align="end"
        aria-label="Notifications"
        className="flex max-h-[min(34rem,calc(100dvh-5rem))] w-[calc(100vw-1.5rem)] flex-col overflow-hidden p-0 sm:w-96"
      >
        <Panel unread={unread} onOpen={go} onOpenTask={goToTask} />
      </PopoverContent>
    </Popover>
  );
}
