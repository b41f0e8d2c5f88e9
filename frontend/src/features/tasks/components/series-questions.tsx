"use client";

import { useSyncExternalStore } from "react";
import { lazyPart } from "@/lib/lazy-part";
import { seriesQuestions } from "../series-question";

const SeriesQuestionDialog = lazyPart(() =>
  import("./series-question-dialog").then((m) => m.SeriesQuestionDialog),
);

/** Shows the questions about series, one at a time. */
export function SeriesQuestions() {
  const question = useSyncExternalStore(
    seriesQuestions.subscribe,
    seriesQuestions.getSnapshot,
    () => undefined,
  );
  return question ? <SeriesQuestionDialog question={question} /> : null;
}
