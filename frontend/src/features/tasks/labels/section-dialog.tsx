"use client";

import { useWhileMounted } from "@/lib/use-while-mounted";
import { save } from "@/messages/common";
import * as words from "@/messages/sections";
import { overLimit } from "../limits";
import type { Label } from "./labels";
import { NameDialog } from "./name-dialog";
import { createSection } from "./section-actions";
import { useLabelEdit } from "./use-label-edit";

interface SectionDialogProps {
  /** The section to rename, or the project that gets a new one. */
  section: Label | { project: string };
  onDone: () => void;
}

/** The name of a section. */
export function SectionDialog({ section, onDone }: SectionDialogProps) {
  const isNew = "project" in section;
  const edit = useLabelEdit("section", isNew ? null : section);
  const done = useWhileMounted(onDone);

  async function onSave(name: string) {
    if (isNew) await createSection(section.project, name);
    else await edit({ name });
    done();
  }

  return (
    <NameDialog
      title={isNew ? words.newTitle() : words.editTitle()}
      hint={isNew ? undefined : words.editHint()}
      name={isNew ? "" : section.name}
      submit={isNew ? words.add() : save()}
      problemOf={(name) => overLimit({ section: name })}
      onSave={onSave}
      onClose={onDone}
    />
  );
}
