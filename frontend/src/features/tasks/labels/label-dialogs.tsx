"use client";

import { DeleteLabelDialog } from "./delete-label-dialog";
import { LabelDialog } from "./label-dialog";
import type { Label } from "./labels";
import type { AnyLabelKind } from "./relabel";
import { SectionDialog } from "./section-dialog";

/** What the menu of a project, a section or a tag asks more about. */
export type LabelQuestion = "edit" | "section" | "merge" | "delete";

interface LabelDialogsProps {
  kind: AnyLabelKind;
  label: Label;
  question: LabelQuestion;
  onDone: () => void;
}

/** The dialog of an item of a label's menu. */
export function LabelDialogs({ kind, label, question, onDone }: LabelDialogsProps) {
  if (question === "section") return <SectionDialog section={{ project: label.name }} onDone={onDone} />;
  if (question !== "edit")
    return <DeleteLabelDialog kind={kind} label={label} merge={question === "merge"} onDone={onDone} />;
  if (kind === "section") return <SectionDialog section={label} onDone={onDone} />;
  return <LabelDialog kind={kind} label={label} onDone={onDone} />;
}
