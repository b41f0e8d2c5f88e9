"use client";

import { Bell } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { useKeys } from "@/lib/keys/use-keys";
import { lazyModule, lazyPart } from "@/lib/lazy-part";
import { useSession } from "@/lib/session/use-session";
import * as common from "@/messages/common";
import * as words from "@/messages/notifications";
import { useReadNotification } from "./api/change-notifications";
import { useUnreadCount } from "./api/get-unread-count";
import { showInBrowser } from "./browser";
import { useNotificationStream } from "./hooks/use-notification-stream";
import { useOpenTask } from "./hooks/use-open-task";
import type { Notification } from "./notification";
import type { Said } from "./said";
import { markUnread } from "./unread-mark";
import { announceVisible } from "./visible-tab";

const Panel = lazyPart(() => import("./components/panel").then((m) => m.NotificationPanel));

const loadSaid = lazyModule(() => import("./said"));

/** What a notification says; offline before the words were ever fetched, what the server wrote. */
const inWords = (notification: Notification): Promise<Said> =>
  loadSaid().then(
    ({ said }) => said(notification),
    () => notification,
  );

/** More notifications at once are shown as one. */
const few = 3;

/** The bell in the header: the number of unread notifications, and the panel that lists them. */
export function NotificationBell() {
  const [open, setOpen] = useState(false);
  const { status } = useSession();
  const { data: unread = 0 } = useUnreadCount(status === "in");
  useEffect(() => markUnread(unread), [unread]);
  const openTask = useOpenTask();
  const read = useReadNotification();
  const router = useRouter();
  const goToTask = (task: string) => {
    setOpen(false);
    openTask(task);
  };
  /** Shows the task, the list of a digest, or the settings of the account. */
  const go = (notification: Notification) => {
    const account = notification.kind === "account";
    if (!notification.task_id && !account) return setOpen(true);
    if (!notification.read_at) read.mutate(notification.id);
    if (account || !notification.task_id) {
      setOpen(false);
      return router.push("/settings/security");
    }
    goToTask(notification.task_id);
  };
  const ring = (id: string, said: Said, label: string, onClick: () => void) => {
    if (document.visibilityState === "hidden") return void showInBrowser(id, said, onClick);
    toast(said.title, { id, description: said.body, duration: 10_000, action: { label, onClick } });
  };
  useNotificationStream((rung) => {
    if (rung.length > few) {
      const said = { title: words.reminders({ count: rung.length }), body: "" };
      return ring(`rung ${rung[0]!.id}`, said, common.show(), () => setOpen(true));
    }
    for (const notification of rung) {
      const label = notification.task_id ? common.open() : common.show();
      void inWords(notification).then((said) => ring(notification.id, said, label, () => go(notification)));
    }
  });
  useEffect(announceVisible, []);
  useKeys([{ command: "go.notifications", run: () => setOpen(true) }]);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button
          look="ghost"
          size="icon"
          className="relative [&_svg]:size-4.5"
          aria-label={unread > 0 ? words.unreadCount({ count: unread }) : words.notifications()}
        >
          <Bell />
          {unread > 0 ? (
            <span
              aria-hidden
              data-unread={unread}
              className="tabular absolute end-0.5 top-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-[0.6875rem] leading-none font-semibold text-accent-ink ring-2 ring-paper"
            >
              {unread > 99 ? "99+" : unread}
            </span>
          ) : null}
        </Button>
      </PopoverTrigger>
      <PopoverContent
        align="end"
        aria-label={words.notifications()}
        className="flex max-h-[min(34rem,calc(100dvh-5rem))] w-[calc(100vw-1.5rem)] flex-col overflow-hidden p-0 sm:w-96"
      >
        <Panel unread={unread} onOpen={go} onOpenTask={goToTask} />
      </PopoverContent>
    </Popover>
  );
}
