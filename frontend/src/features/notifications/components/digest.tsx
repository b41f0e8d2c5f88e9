"use client";

import { CircleAlert, ListChecks } from "lucide-react";
import { useId, useState } from "react";
import { cn } from "@/lib/cn";
import * as words from "@/messages/notificationPanel";
import { dueOf, type Notification } from "../notification";
import { said } from "../said";
import { NotificationActions } from "./actions";
import { Told } from "./told";

/** How many tasks a digest shows before it is opened. */
const first = 4;

interface DigestProps {
  notification: Notification;
  onOpenTask: (task: string) => void;
}

/** One notification of several tasks, with the list of those that are still due. */
export function NotificationDigest({ notification, onOpenTask }: DigestProps) {
  const { created_at, read_at } = notification;
  const { title } = said(notification);
  const [all, setAll] = useState(false);
  const list = useId();
  const due = dueOf(notification);
  const late = due.some((reminder) => reminder.kind === "overdue");
  const Icon = late ? CircleAlert : ListChecks;
  const hidden = due.length - first;
  // One more line takes as much space as the button that would hide it.
  const shown = all || hidden <= 1 ? due : due.slice(0, first);
  return (
    <li className={cn("relative pb-2", !read_at && "bg-accent-wash/45")}>
      <div className="flex items-start gap-1 pe-2">
        <div className="flex min-w-0 flex-1 items-start gap-3 ps-4 pt-3">
          <Icon
            aria-hidden
            className={cn(
              "mt-0.5 size-4.5 shrink-0",
              late ? "text-danger" : read_at ? "text-ink-3" : "text-accent",
            )}
          />
          <div className="min-w-0 flex-1">
            <h3
              className={cn("wrap-anywhere", read_at ? "font-medium text-ink-2" : "font-semibold text-ink")}
            >
              {read_at
                ? title
                : words.digestUnread({ title, unread: (text) => <span className="sr-only">{text}</span> })}
            </h3>
            <Told at={created_at} />
          </div>
        </div>
        <NotificationActions notification={notification} />
      </div>
      <ul id={list} aria-label={title} className="mt-1">
        {shown.map((reminder) => (
          <li key={`${reminder.task_id} ${reminder.kind}`}>
            <button
              type="button"
              onClick={() => onOpenTask(reminder.task_id)}
              className="flex w-full flex-col py-1.5 ps-[2.875rem] pe-4 text-start outline-offset-[-2px] hover:bg-hover"
            >
              <span dir="auto" className="w-full truncate text-ink">
                {reminder.title}
              </span>
              <span className="text-[0.8125rem] text-ink-2">{said(reminder).body}</span>
            </button>
          </li>
        ))}
      </ul>
      {hidden > 1 ? (
        <button
          type="button"
          aria-expanded={all}
          aria-controls={list}
          onClick={() => setAll(!all)}
          className="min-h-9 w-full ps-[2.875rem] pe-4 text-start text-[0.8125rem] font-medium text-accent outline-offset-[-2px] hover:bg-hover pointer-coarse:min-h-11"
        >
          {all ? words.showFewer() : words.showMore({ count: hidden })}
        </button>
      ) : null}
    </li>
  );
}
