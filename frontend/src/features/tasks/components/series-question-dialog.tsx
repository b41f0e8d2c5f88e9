"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import type { SeriesQuestion } from "../series-question";
import * as words from "@/messages/seriesQuestion";

interface SeriesQuestionDialogProps {
  question: SeriesQuestion;
  /** Ends the question without an answer. */
  onClose: () => void;
}

/** Asks whether a change is about this occurrence only. */
export function SeriesQuestionDialog({ question, onClose }: SeriesQuestionDialogProps) {
  const { tasks, about } = question;
  const [first] = tasks;
  const which = { count: tasks.length, title: first?.title ?? "" };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        // The end of an edit asks, when the user goes elsewhere; and the first button is not the one that is expected.
        unasked
        title={about === "edit" ? words.editTitle() : words.skipTitle()}
        description={about === "edit" ? words.edited(which) : words.skipped(which)}
      >
        <div className="flex flex-col gap-2 sm:flex-row sm:justify-end">
          {about === "edit" ? (
            <>
              <Button onClick={() => question.answer("this")}>{words.onlyThis()}</Button>
              <Button look="primary" onClick={() => question.answer("following")}>
                {words.thisAndLater()}
              </Button>
            </>
          ) : (
            <>
              <Button onClick={() => question.answer("series")}>{words.endSeries()}</Button>
              <Button look="primary" onClick={() => question.answer("this")}>
                {words.skipThis()}
              </Button>
            </>
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}
