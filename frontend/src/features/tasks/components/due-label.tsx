"use client";

import { cn } from "@/lib/cn";
import { daysBetween, formatDay, formatFull, formatTime } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";

/** A short due date; red when overdue. */
export function DueLabel({ at, done, className }: { at: string; done?: boolean; className?: string }) {
  const now = useNow();
  const due = new Date(at);
  const late = !done && due.getTime() < now;
  const days = daysBetween(now, due);
  const day = formatDay(due, now);
  const text = days === 0 ? formatTime(due) : Math.abs(days) < 7 ? `${day}, ${formatTime(due)}` : day;
  return (
    <time
      dateTime={at}
      title={formatFull(due)}
      className={cn(
        "shrink-0 whitespace-nowrap",
        late ? "text-danger" : days === 0 && !done ? "text-accent" : "text-ink-3",
        className,
      )}
    >
      {text}
    </time>
  );
}
