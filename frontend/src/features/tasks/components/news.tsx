"use client";

import { useEffect } from "react";
import { toast } from "sonner";
import { formatDay, formatTime } from "@/lib/time/days";
import { subjects } from "../outbox/op";
import { type TaskNews, taskStore } from "../store";

/** Tells what became of changes where that is not what the user expects. */
export function TaskNewsToasts() {
  useEffect(() => taskStore.onNews(tell), []);
  return null;
}

function tell(news: TaskNews) {
  if (news.kind === "refused") {
    const gone = /not found|no such|nothing/i.test(news.detail);
    toast.error(gone ? "That task is not there any more" : "That did not work", { description: news.detail });
  }
  if (news.kind === "settled" && news.nextOccurrenceAt) {
    const next = new Date(news.nextOccurrenceAt);
    const [id] = subjects(news.op.change);
    toast(`Again ${formatDay(next, Date.now())}, ${formatTime(next)}`, { id: `next-${id}` });
  }
}
