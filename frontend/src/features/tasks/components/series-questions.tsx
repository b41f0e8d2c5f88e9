"use client";

import { useSyncExternalStore } from "react";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { lazyPart } from "@/lib/lazy-part";
import { seriesQuestions } from "../series-question";

const load = () => import("./series-question-dialog").then((m) => m.SeriesQuestionDialog);
/** Of a deletion, which is given up by going elsewhere before it is there. */
const DeleteQuestion = lazyDialog(load);
/** Of an edit, which is not: it is often asked by going elsewhere, and the edit would be lost. */
const EditQuestion = lazyPart(load);

/** Shows the questions about series, one at a time. */
export function SeriesQuestions() {
  const question = useSyncExternalStore(
    seriesQuestions.subscribe,
    seriesQuestions.getSnapshot,
    () => undefined,
  );
  if (!question) return null;
  const Question = question.about === "edit" ? EditQuestion : DeleteQuestion;
  return <Question question={question} onClose={() => question.answer(null)} />;
}
