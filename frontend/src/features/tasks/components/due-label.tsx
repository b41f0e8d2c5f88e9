"use client";

import { cn } from "@/lib/cn";
import { daysBetween, formatDate, formatDay, formatFull, formatTime } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { describeDue, type Due, dueTime, isOverdue } from "../view/due";
import * as words from "@/messages/list";

interface DueLabelProps {
  due: Due;
  done?: boolean;
  className?: string;
}

/** A short due date; red when overdue. */
export function DueLabel({ due, done, className }: DueLabelProps) {
  const now = useNow();
  const at = new Date(dueTime(due) ?? 0);
  const days = daysBetween(now, at);
  const late = !done && isOverdue(due, now);
  const text =
    days === 0 && due.due_at
      ? formatTime(at)
      : Math.abs(days) < 7
        ? describeDue(due, now)
        : formatDay(at, now);
  return (
    <time
      dateTime={due.due_at ?? due.due_date ?? undefined}
      title={due.due_date ? formatDate(at) : formatFull(at)}
      className={cn(
        "shrink-0 whitespace-nowrap",
        late ? "font-medium text-danger" : days === 0 && !done ? "text-accent" : "text-ink-3",
        className,
      )}
    >
      {late ? (
        <>
          <span className="me-1 glyph inline-block size-3.5 align-[-2px] glyph-late" />
          {words.overdue({ due: text ?? "", label: (label) => <span className="sr-only">{label}</span> })}
        </>
      ) : (
        text
      )}
    </time>
  );
}
