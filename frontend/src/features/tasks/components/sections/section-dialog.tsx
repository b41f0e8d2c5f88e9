"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import * as common from "@/messages/common";
import * as words from "@/messages/sections";
import { reasonOf } from "../../labels/actions";
import type { Label } from "../../labels/labels";
import { createSection, renameSection } from "../../labels/section-actions";
import { overLimit } from "../../limits";

interface SectionDialogProps {
  /** The project that gets a section. */
  project: string;
  /** The section to rename; without it a new one is made. */
  section?: Label;
  onDone: () => void;
}

/** The name of a section. */
export function SectionDialog({ project, section, onDone }: SectionDialogProps) {
  const [name, setName] = useState(section?.name ?? "");
  const [refused, setRefused] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const trimmed = name.trim();
  const problem = overLimit({ section: trimmed });

  async function save(event: FormEvent) {
    event.preventDefault();
    if (!trimmed || problem || sending) return;
    setSending(true);
    try {
      if (!section) await createSection(project, trimmed);
      else if (trimmed !== section.name) await renameSection(section, trimmed);
      onDone();
    } catch (error) {
      setRefused(reasonOf(error));
      setSending(false);
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onDone()}>
      <DialogContent
        title={section ? words.editTitle() : words.newTitle()}
        description={section ? words.editHint() : undefined}
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
          <div className="flex justify-end gap-2">
            <Button onClick={onDone}>{common.cancel()}</Button>
            <Button type="submit" look="primary" disabled={!trimmed || sending}>
              {section ? common.save() : words.add()}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  );
}
