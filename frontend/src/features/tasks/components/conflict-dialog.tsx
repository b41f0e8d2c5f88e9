"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogContent } from "@/components/ui/dialog";
import { patchTask } from "../changes";
import { type TaskConflict, taskStore } from "../store";
import type { TaskPatch } from "../task";
import { fieldNames, fieldValue } from "../view/describe-event";
import { Version } from "./version";
import * as words from "@/messages/conflicts";

/**
 * Asks which version to keep when the same field was changed here and elsewhere. If it is closed without an answer, the user's
 * version stays among the changes that could not be saved.
 */
export function ConflictDialog({ conflict, onDone: next }: { conflict: TaskConflict; onDone: () => void }) {
  const { op, theirs } = conflict;
  const change = op.change.kind === "patch" ? op.change : null;
  const mine = change?.patch ?? {};
  const fields = (Object.keys(mine) as (keyof TaskPatch)[]).filter(
    (field) => JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]),
  );
  const decide = () => {
    taskStore.discard(conflict);
    next();
  };

  return (
    <Dialog open onOpenChange={(open) => !open && next()}>
      <DialogContent unasked title={words.editTitle()} description={words.editText()}>
        <div className="space-y-4">
          {fields.map((field) => (
            <section key={field} aria-label={fieldNames[field]?.say()}>
              <h3 className="mb-1.5 text-sm font-medium">{fieldNames[field]?.say()}</h3>
              <div className="grid gap-2 sm:grid-cols-2">
                <Version name={words.yours()} value={fieldValue(field, mine[field])} />
                <Version name={words.other()} value={fieldValue(field, theirs[field])} />
              </div>
            </section>
          ))}
        </div>
        <DialogActions className="mt-5">
          <Button onClick={decide}>{words.keepOther()}</Button>
          <Button
            look="primary"
            onClick={() => {
              patchTask(theirs.id, mine, theirs, change?.scope);
              decide();
            }}
          >
            {words.keepYours()}
          </Button>
        </DialogActions>
      </DialogContent>
    </Dialog>
  );
}
