"use client";

import { useTasks } from "@/features/tasks";
import { cn } from "@/lib/cn";
import { useLiveStatus } from "@/lib/live/use-live";
import * as words from "@/messages/shell";

const looks = {
  connecting: { label: words.connecting, dot: "bg-ink-3" },
  live: { label: words.live, dot: "bg-accent" },
  reconnecting: { label: words.reconnecting, dot: "bg-warn animate-pulse" },
  offline: { label: words.offline, dot: "bg-danger" },
};

/** Shows whether the stream is connected, and how many changes are waiting to be sent. */
export function LiveIndicator() {
  const status = useLiveStatus();
  const { waiting } = useTasks();
  const { label, dot } = looks[status];
  const away = status === "reconnecting" || status === "offline";
  return (
    <p
      role="status"
      data-live={status}
      className={cn(
        "flex h-8 items-center gap-2 rounded-full px-2.5 text-[0.8125rem] whitespace-nowrap",
        away ? "bg-warn-wash text-ink" : "text-ink-2",
      )}
    >
      <span aria-hidden className={cn("size-2 rounded-full", dot)} />
      <span className={away ? undefined : "max-sm:sr-only"}>{label()}</span>
      {away && waiting > 0 ? (
        <span className="tabular text-ink-2">· {words.waiting({ count: waiting })}</span>
      ) : null}
    </p>
  );
}
