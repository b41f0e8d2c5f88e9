"use client";

import { CopyButton } from "@/components/ui/copy-button";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { useTasks } from "../hooks/use-tasks";
import type { Unsaved } from "../outbox/op";
import { taskStore } from "../store";
import { canRestore, restoreUnsaved, retryUnsaved, titleOf } from "../unsaved";
import { fieldNames, fieldValue } from "../view/describe-event";
import * as conflicts from "@/messages/conflicts";
import * as words from "@/messages/unsaved";
import * as common from "@/messages/common";

/** The changes that could not be saved, each with its reason and what the user typed. */
export function UnsavedList({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const { unsaved } = useTasks();
  return (
    <Dialog open onOpenChange={onOpenChange}>
      <DialogContent title={words.title()} description={words.text()} className="max-w-xl">
        <ul className="space-y-3">
          {unsaved.map((one) => (
            <Item key={one.op.key} unsaved={one} />
          ))}
        </ul>
      </DialogContent>
    </Dialog>
  );
}

function Item({ unsaved }: { unsaved: Unsaved }) {
  const { name, text } = contentOf(unsaved);
  const deleted = canRestore(unsaved);
  const inConflict = unsaved.status === 412;
  const reason = deleted ? words.deletedElsewhere() : inConflict ? words.changedElsewhere() : unsaved.reason;
  return (
    <li className="rounded-xl border border-line bg-surface p-4">
      <h3 className="line-clamp-2 text-sm font-semibold wrap-anywhere" dir="auto">
        {name}
      </h3>
      <p className="mt-0.5 text-sm text-danger">{reason}</p>
      {text ? (
        <p
          className="mt-3 max-h-40 overflow-y-auto rounded-lg bg-sunken px-3 py-2 text-sm wrap-anywhere whitespace-pre-wrap"
          dir="auto"
          tabIndex={0}
        >
          {text}
        </p>
      ) : null}
      <div className="mt-3 flex flex-wrap justify-end gap-2">
        <Button size="sm" look="ghost" className="me-auto" onClick={() => taskStore.discard(unsaved)}>
          {common.discard()}
        </Button>
        {text ? (
          <CopyButton text={text} label={words.copyOf({ name })} size="sm">
            {common.copy()}
          </CopyButton>
        ) : null}
        {deleted ? (
          <Button size="sm" look="primary" onClick={() => restoreUnsaved(unsaved)}>
            {words.restoreTask()}
          </Button>
        ) : (
          <Button size="sm" look="primary" onClick={() => retryUnsaved(unsaved)}>
            {inConflict ? conflicts.keepYours() : common.tryAgain()}
          </Button>
        )}
      </div>
    </li>
  );
}

/** A name for a refused change, and what the user typed. */
function contentOf(unsaved: Unsaved): { name: string; text: string } {
  const { change } = unsaved.op;
  if (change.kind === "create") return { name: words.newTask(), text: change.task.title };
  const title = titleOf(unsaved);
  if (change.kind === "comment")
    return {
      name: title ? words.commentOn({ title }) : words.commentOnTask(),
      text: change.after?.text ?? "",
    };
  if (change.kind !== "patch") return { name: words.several(), text: "" };
  const fields = Object.entries(change.patch).filter(([field]) => field in fieldNames);
  const [only] = fields;
  const field = fields.length === 1 && only ? fieldNames[only[0]]?.say() : undefined;
  const text = fields.map(([field, value]) => fieldValue(field, value)).join("\n");
  if (field) return { name: title ? words.fieldOf({ field, title }) : words.fieldOfTask({ field }), text };
  return { name: title ? words.changesTo({ title }) : words.changesToTask(), text };
}
