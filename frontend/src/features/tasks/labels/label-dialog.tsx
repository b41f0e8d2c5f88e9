"use client";

import { type FormEvent, useState } from "react";
import { cancel, save as saveWord } from "@/messages/common";
import * as words from "@/messages/labels";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { overLimit } from "../limits";
import { createLabel, reasonOf, updateLabel } from "./actions";
import type { LabelColor } from "./color";
import type { Label } from "./labels";
import type { LabelKind } from "./relabel";

const colors: Record<LabelColor, () => string> = {
  red: words.red,
  orange: words.orange,
  yellow: words.yellow,
  green: words.green,
  teal: words.teal,
  blue: words.blue,
  purple: words.purple,
  pink: words.pink,
  brown: words.brown,
  gray: words.gray,
};
const choices = [[null, words.noColor], ...Object.entries(colors)] as [LabelColor | null, () => string][];

interface LabelDialogProps {
  kind: LabelKind;
  /** The one to change; without it a new one is made. */
  label?: Label;
  onDone: (made?: Label) => void;
}

/** Name and color of a project or a tag. */
export function LabelDialog({ kind, label, onDone }: LabelDialogProps) {
  const [name, setName] = useState(label?.name ?? "");
  const [color, setColor] = useState(label?.color ?? null);
  const [refused, setRefused] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const trimmed = name.trim();
  const problem = overLimit(kind === "project" ? { project: trimmed } : { tags: [trimmed] });

  async function save(event: FormEvent) {
    event.preventDefault();
    if (!trimmed || problem || sending) return;
    setSending(true);
    try {
      if (!label) return onDone(await createLabel(kind, { name: trimmed, ...(color ? { color } : {}) }));
      const patch = {
        ...(trimmed !== label.name ? { name: trimmed } : {}),
        ...(color !== label.color ? { color } : {}),
      };
      if (Object.keys(patch).length > 0) await updateLabel(kind, label, patch);
      onDone();
    } catch (error) {
      setRefused(reasonOf(error));
      setSending(false);
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onDone()}>
      <DialogContent
        title={label ? words.edit({ kind }) : words.newOne({ kind })}
        description={label ? words.editHint({ kind }) : undefined}
      >
        <form onSubmit={(event) => void save(event)} className="space-y-5">
          <Field
            label={words.name()}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setRefused(null);
            }}
            error={problem ?? refused ?? undefined}
            autoComplete="off"
            autoFocus
            dir="auto"
          />
          <fieldset>
            <legend className="mb-1.5 text-sm font-medium">{words.color()}</legend>
            <div className="flex flex-wrap gap-1.5">
              {choices.map(([value, say]) => (
                <label
                  key={value ?? ""}
                  title={say()}
                  className="grid size-9 cursor-pointer place-items-center rounded-lg border border-transparent hover:bg-hover has-checked:border-accent has-checked:bg-accent-wash has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:size-11"
                >
                  <input
                    type="radio"
                    name="color"
                    className="sr-only"
                    aria-label={say()}
                    checked={color === value}
                    onChange={() => setColor(value)}
                  />
                  <span
                    className="size-5 rounded-full border-2 border-line-2"
                    style={
                      value ? { background: `var(--label-${value})`, borderColor: "transparent" } : undefined
                    }
                  />
                </label>
              ))}
            </div>
          </fieldset>
          <DialogActions>
            <Button onClick={() => onDone()}>{cancel()}</Button>
            <Button type="submit" look="primary" disabled={!trimmed || sending}>
              {label ? saveWord() : words.addOne({ kind })}
            </Button>
          </DialogActions>
        </form>
      </DialogContent>
    </Dialog>
  );
}
