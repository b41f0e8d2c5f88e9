"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import type { SeriesQuestion } from "../series-question";

/** Asks whether a change is about this occurrence only. */
export function SeriesQuestionDialog({ question }: { question: SeriesQuestion }) {
  const { tasks, about } = question;
  const [first] = tasks;
  const which = tasks.length === 1 && first ? `“${first.title}” repeats.` : `${tasks.length} tasks repeat.`;
  return (
    <Dialog open onOpenChange={(open) => !open && question.answer(null)}>
      <DialogContent
        title={about === "edit" ? "This one or all later ones?" : "Skip this one or end the series?"}
        description={about === "edit" ? which : `${which} If you skip this one, the next one follows.`}
      >
        <div className="flex flex-col gap-2 sm:flex-row sm:justify-end">
          {about === "edit" ? (
            <>
              <Button onClick={() => question.answer("this")}>Only this one</Button>
              <Button look="primary" onClick={() => question.answer("following")}>
                This and all later ones
              </Button>
            </>
          ) : (
            <>
              <Button onClick={() => question.answer("series")}>End the series</Button>
              <Button look="primary" onClick={() => question.answer("this")}>
                Skip this one
              </Button>
            </>
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}
