"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { cancel } from "@/messages/common";
import { name as nameWord } from "@/messages/labels";
import { reasonOf } from "./actions";

interface NameDialogProps {
  title: string;
  hint?: string | undefined;
  /** The name that is there already. */
  name: string;
  submit: string;
  problemOf: (name: string) => string | null;
  /** Saves what was entered and closes the dialog. Why that fails is shown below the name. */
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks for a name, and what else belongs to it. */
export function NameDialog(props: NameDialogProps) {
  const { title, hint, submit, problemOf, onSave, onClose, children } = props;
  const [name, setName] = useState(props.name);
  const [refused, setRefused] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const trimmed = name.trim();
  const problem = problemOf(trimmed);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (!trimmed || problem || sending) return;
    setSending(true);
    try {
      await onSave(trimmed);
    } catch (error) {
      setRefused(reasonOf(error));
      setSending(false);
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={title} description={hint}>
        <form onSubmit={(event) => void save(event)} className="space-y-5">
          <Field
            label={nameWord()}
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
          {children}
          <DialogActions>
            <Button onClick={onClose}>{cancel()}</Button>
            <Button type="submit" look="primary" disabled={!trimmed || sending}>
              {submit}
            </Button>
          </DialogActions>
        </form>
      </DialogContent>
    </Dialog>
  );
}
