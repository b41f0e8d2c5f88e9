"use client";

import { BellRing, Check, CircleAlert, Clock } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { formatDay, formatFull, formatTime } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { useReadNotification, useSnoozeNotification } from "../api/change-notifications";
import { type Notification, snoozes } from "../notification";

interface ItemProps {
  notification: Notification;
  onOpen: (notification: Notification) => void;
}

export function NotificationItem({ notification, onOpen }: ItemProps) {
  const { id, kind, title, body, read_at } = notification;
  const read = useReadNotification();
  const snooze = useSnoozeNotification();
  const late = kind === "overdue";
  const Icon = late ? CircleAlert : BellRing;
  return (
    <li className={cn("group relative flex items-start gap-1 pr-2", !read_at && "bg-accent-wash/45")}>
      <button
        type="button"
        onClick={() => onOpen(notification)}
        className="flex min-w-0 flex-1 items-start gap-3 py-3 pl-4 text-left outline-offset-[-2px] hover:bg-hover"
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
          {read_at ? null : <span className="sr-only">Unread</span>}
        </span>
      </button>
      <div className="flex shrink-0 pt-2">
        <Menu>
          <MenuTrigger asChild>
            <Button look="ghost" size="icon-sm" aria-label={`Snooze ${title}`} title="Snooze">
              <Clock />
            </Button>
          </MenuTrigger>
          <MenuContent align="end" className="min-w-40">
            <MenuLabel>Remind me again in</MenuLabel>
            {snoozes.map((choice) => (
              <MenuItem key={choice.for} onSelect={() => snooze.mutate({ id, for: choice.for })}>
                {choice.label}
              </MenuItem>
            ))}
          </MenuContent>
        </Menu>
        {read_at ? null : (
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={`Mark ${title} as read`}
            title="Mark as read"
            onClick={() => read.mutate(id)}
          >
            <Check />
          </Button>
        )}
      </div>
    </li>
  );
}

function Told({ at }: { at: string }) {
  const now = useNow();
  const date = new Date(at);
  return (
    <time dateTime={at} title={formatFull(date)} className="mt-0.5 block text-xs text-ink-3">
      {formatDay(date, now)}, {formatTime(date)}
    </time>
  );
}
