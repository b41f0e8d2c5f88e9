"use client";

import { BellOff, CheckCheck } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { PagedList } from "@/components/ui/paged-list";
import * as words from "@/messages/notificationPanel";
import { notifications } from "@/messages/notifications";
import { useReadAllNotifications } from "../api/change-notifications";
import { useNotifications } from "../api/get-notifications";
import type { Notification } from "../notification";
import { NotificationDigest } from "./digest";
import { NotificationItem } from "./item";

interface PanelProps {
  unread: number;
  onOpen: (notification: Notification) => void;
  onOpenTask: (task: string) => void;
}

/** All notifications, with their actions. */
export function NotificationPanel({ unread, onOpen, onOpenTask }: PanelProps) {
  const query = useNotifications();
  const readAll = useReadAllNotifications();
  const heading = useRef<HTMLHeadingElement>(null);
  const markAllRead = () => {
    heading.current?.focus(); // the button disappears
    readAll.mutate();
  };
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line ps-4 pe-2">
        <h2 ref={heading} tabIndex={-1} className="min-w-0 flex-1 truncate text-[0.9375rem] font-semibold">
          {notifications()}
        </h2>
        {unread > 0 ? (
          <Button look="ghost" size="sm" onClick={markAllRead} disabled={readAll.isPending}>
            <CheckCheck /> {words.markAllRead()}
          </Button>
        ) : null}
      </div>
      <div className="min-h-0 overflow-y-auto overscroll-contain" tabIndex={-1}>
        <PagedList name={notifications()} query={query} waiting={<Waiting />} nothing={<Nothing />}>
          {(notification) =>
            notification.kind === "digest" ? (
              <NotificationDigest key={notification.id} notification={notification} onOpenTask={onOpenTask} />
            ) : (
              <NotificationItem key={notification.id} notification={notification} onOpen={onOpen} />
            )
          }
        </PagedList>
      </div>
    </>
  );
}

function Nothing() {
  return (
    <div className="flex flex-col items-center px-8 py-12 text-center">
      <BellOff className="size-7 text-ink-3" aria-hidden />
      <p className="mt-3 font-medium">{words.nothing()}</p>
      <p className="mt-1 text-ink-2">{words.nothingText()}</p>
    </div>
  );
}

function Waiting() {
  return (
    <div aria-hidden className="space-y-5 p-4">
      {["w-1/2", "w-2/3", "w-2/5"].map((width) => (
        <div key={width} className="space-y-2 ps-9">
          <span className={`block h-3 rounded-full bg-line ${width}`} />
          <span className="block h-2.5 w-3/4 rounded-full bg-line" />
        </div>
      ))}
    </div>
  );
}
