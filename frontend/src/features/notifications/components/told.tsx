"use client";

import { formatDayAndTime, formatFull } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";

/** When a notification came. */
export function Told({ at }: { at: string }) {
  const now = useNow();
  const date = new Date(at);
  return (
    <time dateTime={at} title={formatFull(date)} className="mt-0.5 block text-xs text-ink-3">
      {formatDayAndTime(date, now)}
    </time>
  );
}
