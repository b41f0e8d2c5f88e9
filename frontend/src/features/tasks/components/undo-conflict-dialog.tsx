"use client";

import { useEffect } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogContent } from "@/components/ui/dialog";
import { useTask } from "../hooks/use-tasks";
import type { UndoConflict } from "../store";
import type { Task } from "../task";
import { undoToast } from "../undo-stack";
import { undoAnyway } from "../undo-anyway";
import { fieldNames, fieldValue } from "../view/describe-event";
import { Version } from "./version";
import * as words from "@/messages/conflicts";

/** Asks what to do with an undo if another device has changed the same since. */
export function UndoConflictDialog({ conflict, onDone }: { conflict: UndoConflict; onDone: () => void }) {
  const { op, fields } = conflict;
  const effects = op.change.kind === "undo" ? op.change.effects : [];
  const [effect] = effects;
  const now = useTask(effect?.id ?? null);
  const title = now?.title ?? effect?.before?.title ?? effect?.after?.title;
  const text =
    effects.length > 1 ? words.undoSeveral() : title ? words.undoOne({ title }) : words.undoUnnamed();
  const shown = effects.length === 1 ? fields.filter((field) => field in fieldNames) : [];
  const earlier: Partial<Task> = effect?.after ?? {};

  // What it says was done was not.
  useEffect(() => void toast.dismiss(undoToast), []);

  return (
    <Dialog open onOpenChange={(open) => !open && onDone()}>
      <DialogContent unasked title={words.undoTitle()} description={text}>
        <div className="space-y-4">
          {shown.map((field) => (
            <section key={field} aria-label={fieldNames[field]?.say()}>
              <h3 className="mb-1.5 text-sm font-medium">{fieldNames[field]?.say()}</h3>
              <div className="grid gap-2 sm:grid-cols-2">
                <Version name={words.now()} value={fieldValue(field, now?.[field as keyof Task] ?? null)} />
                <Version
                  name={words.afterUndo()}
                  value={fieldValue(field, earlier[field as keyof Task] ?? null)}
                />
              </div>
            </section>
          ))}
        </div>
        <DialogActions className="mt-5">
          <Button onClick={onDone}>{words.keepAsIs()}</Button>
          <Button
            look="primary"
            onClick={() => {
              undoAnyway(effects);
              onDone();
            }}
          >
            {words.undoAnyway()}
          </Button>
        </DialogActions>
      </DialogContent>
    </Dialog>
  );
}
