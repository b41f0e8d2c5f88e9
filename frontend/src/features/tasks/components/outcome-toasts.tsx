"use client";

import { useEffect } from "react";
import { lazyModule } from "@/lib/lazy-part";
import { type TaskOutcome, taskStore } from "../store";

const outcomes = lazyModule(() => import("../outcomes"));

/** Tells what became of changes where that is not what the user expects. */
export function TaskOutcomeToasts() {
  useEffect(() => taskStore.onOutcome(show), []);
  return null;
}

function show(outcome: TaskOutcome) {
  if (outcome.kind === "refused") void outcomes().then((m) => m.showRefused(outcome.unsaved));
  if (outcome.kind === "settled" && outcome.nextOccurrenceAt) {
    const { op, nextOccurrenceAt: at } = outcome;
    void outcomes().then((m) => m.showNext(op, at));
  }
}
