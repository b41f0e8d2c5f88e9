"use client";

import { useEffect } from "react";
import { toast } from "sonner";
import { formatDay, formatTime } from "@/lib/time/days";
import { subjects } from "../outbox/op";
import { type TaskOutcome, taskStore } from "../store";

/** Tells what became of changes where that is not what the user expects. */
export function TaskOutcomeToasts() {
  useEffect(() => taskStore.onOutcome(show), []);
  return null;
}

function show(outcome: TaskOutcome) {
  if (outcome.kind === "refused") {
    const gone = /not found|no such|nothing/i.test(outcome.detail);
    toast.error(gone ? "That task is not there any more" : "That did not work", {
      description: outcome.detail,
    });
  }
  if (outcome.kind === "settled" && outcome.nextOccurrenceAt) {
    const next = new Date(outcome.nextOccurrenceAt);
    const [id] = subjects(outcome.op.change);
    toast(`Again ${formatDay(next, Date.now())}, ${formatTime(next)}`, { id: `next-${id}` });
  }
}
