"use client";

import { useState } from "react";
import { useWhileMounted } from "@/lib/use-while-mounted";
import { save } from "@/messages/common";
import * as words from "@/messages/labels";
import { overLimit } from "../limits";
import { createLabel } from "./actions";
import { ColorChoice } from "./color-choice";
import type { Label } from "./labels";
import { NameDialog } from "./name-dialog";
import type { LabelKind } from "./relabel";
import { useLabelEdit } from "./use-label-edit";

interface LabelDialogProps {
  kind: LabelKind;
  /** The one to change; without it a new one is made. */
  label?: Label;
  onDone: (made?: Label) => void;
}

/** Name and color of a project or a tag. */
export function LabelDialog({ kind, label, onDone }: LabelDialogProps) {
  const [color, setColor] = useState(label?.color ?? null);
  const edit = useLabelEdit(kind, label ?? null);
  const done = useWhileMounted(onDone);

  async function onSave(name: string) {
    if (!label) return done(await createLabel(kind, { name, ...(color ? { color } : {}) }));
    await edit({ name, color });
    done();
  }

  return (
    <NameDialog
      title={label ? words.edit({ kind }) : words.newOne({ kind })}
      hint={label ? words.editHint({ kind }) : undefined}
      name={label?.name ?? ""}
      submit={label ? save() : words.addOne({ kind })}
      problemOf={(name) => overLimit(kind === "project" ? { project: name } : { tags: [name] })}
      onSave={onSave}
      onClose={() => onDone()}
    >
      <ColorChoice color={color} onChange={setColor} />
    </NameDialog>
  );
}
