"use client";

import { BellRing, CircleAlert, ShieldAlert } from "lucide-react";
import { cn } from "@/lib/cn";
import * as words from "@/messages/notificationPanel";
import type { Notification } from "../notification";
import { said } from "../said";
import { NotificationActions } from "./actions";
import { Told } from "./told";

interface ItemProps {
  notification: Notification;
  onOpen: (notification: Notification) => void;
}

export function NotificationItem({ notification, onOpen }: ItemProps) {
  const { kind, read_at } = notification;
  const { title, body } = said(notification);
  const late = kind === "overdue";
  const Icon = late ? CircleAlert : kind === "account" ? ShieldAlert : BellRing;
  return (
    <li className={cn("group relative flex items-start gap-1 pe-2", !read_at && "bg-accent-wash/45")}>
      <button
        type="button"
        onClick={() => onOpen(notification)}
        className="flex min-w-0 flex-1 items-start gap-3 py-3 ps-4 text-start outline-offset-[-2px] hover:bg-hover"
      >
        <Icon
          aria-hidden
          className={cn(
            "mt-0.5 size-4.5 shrink-0",
            late ? "text-danger" : read_at ? "text-ink-3" : "text-accent",
          )}
        />
        <span className="min-w-0 flex-1">
          <span
            dir="auto"
            className={cn("line-clamp-2 wrap-anywhere", read_at ? "text-ink-2" : "font-medium text-ink")}
          >
            {title}
          </span>
          <span className="mt-0.5 block text-[0.8125rem] text-ink-2">{body}</span>
          <Told at={notification.created_at} />
          {read_at ? null : <span className="sr-only">{words.unread()}</span>}
        </span>
      </button>
      <NotificationActions notification={notification} />
    </li>
  );
}
