"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { patchTask } from "../changes";
import type { TaskConflict } from "../store";
import type { TaskPatch } from "../task";
import { fieldNames, fieldValue } from "../view/describe-event";

/** Asks which version to keep when the same field was changed here and elsewhere. */
export function ConflictDialog({ conflict, onDone: next }: { conflict: TaskConflict; onDone: () => void }) {
  const { op, theirs } = conflict;
  const change = op.change.kind === "patch" ? op.change : null;
  const mine = change?.patch ?? {};
  const fields = (Object.keys(mine) as (keyof TaskPatch)[]).filter(
    (field) => JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]),
  );

  return (
    <Dialog open onOpenChange={(open) => !open && next()}>
      <DialogContent
        title="Changed in two places"
        description="While you were editing this task, it was also changed on another device. Which version do you want to keep?"
      >
        <div className="space-y-4">
          {fields.map((field) => (
            <section key={field} aria-label={fieldNames[field]}>
              <h3 className="mb-1.5 text-sm font-medium">{fieldNames[field]}</h3>
              <div className="grid gap-2 sm:grid-cols-2">
                <Version name="Yours" value={fieldValue(field, mine[field])} />
                <Version name="The other" value={fieldValue(field, theirs[field])} />
              </div>
            </section>
          ))}
        </div>
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={next}>Keep the other</Button>
          <Button
            look="primary"
            onClick={() => {
              patchTask(theirs.id, mine, theirs, change?.scope);
              next();
            }}
          >
            Keep yours
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Version({ name, value }: { name: string; value: string }) {
  return (
    <div className="rounded-lg border border-line bg-sunken px-3 py-2">
      <p className="text-xs text-ink-3">{name}</p>
      <p className="mt-0.5 max-h-40 overflow-y-auto text-sm wrap-anywhere whitespace-pre-wrap" dir="auto">
        {value}
      </p>
    </div>
  );
}
