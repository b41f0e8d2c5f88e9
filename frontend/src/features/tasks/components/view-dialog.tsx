"use client";

import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FilterField, problemOf } from "./filter-field";
import * as words from "@/messages/viewTools";
import * as common from "@/messages/common";

interface ViewDialogProps {
  title: string;
  name: string;
  query: string;
  onSave: (fields: { name: string; query: string }) => void;
  onClose: () => void;
}

const maxName = 100;

/** Asks for the name and the query of a view. */
export function ViewDialog({ title, onSave, onClose, ...given }: ViewDialogProps) {
  const [name, setName] = useState(given.name);
  const [query, setQuery] = useState(given.query);
  const [tried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const nameProblem = name.trim() ? undefined : words.nameMissing();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={title} description={words.viewExplained()} className="overflow-visible">
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            setTried(true);
            if (nameProblem) return;
            if (problemOf(query)) return input.current?.focus();
            onSave({ name: name.trim(), query: query.trim() });
            onClose();
          }}
        >
          <Field
            label={words.name()}
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={maxName}
            autoComplete="off"
            autoFocus
            dir="auto"
            error={tried ? nameProblem : undefined}
          />
          <div>
            <p aria-hidden className="mb-1.5 text-sm font-medium">
              {words.query()}
            </p>
            <FilterField value={query} onChange={setQuery} input={input} />
            <p className="mt-1.5 text-sm text-ink-3">
              {words.queryHint({ code: (text) => <code>{text}</code> })}
            </p>
          </div>
          <DialogActions>
            <DialogClose asChild>
              <Button>{common.cancel()}</Button>
            </DialogClose>
            <Button type="submit" look="primary">
              {common.save()}
            </Button>
          </DialogActions>
        </form>
      </DialogContent>
    </Dialog>
  );
}
