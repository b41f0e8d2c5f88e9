"use client";

import { dayInSentence, momentInSentence, timeTag } from "@/lib/time/moment";
import { useNow } from "@/lib/time/now";
import * as words from "@/messages/lastUsed";

interface LastUsedProps {
  at: string | null | undefined;
  /** Whether the day is enough. */
  dayOnly?: boolean;
}

/** When something was last used. */
export function LastUsed({ at, dayOnly = false }: LastUsedProps) {
  const now = useNow();
  if (!at) return words.never();
  const when = (dayOnly ? dayInSentence : momentInSentence)(new Date(at), now);
  return words.lastUsed({ when, time: timeTag(at) });
}
