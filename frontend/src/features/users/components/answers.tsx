"use client";

import { cancel } from "@/messages/common";
import { Button } from "@/components/ui/button";
import { DialogActions, DialogClose } from "@/components/ui/dialog";
import { explain } from "@/lib/api/problem";

interface AnswersProps {
  button: string;
  danger: boolean;
  busy: boolean;
  error: unknown;
  onYes: () => void;
}

/** The end of a dialog that asks whether to do something: what failed, and the two answers. */
export function Answers({ button, danger, busy, error, onYes }: AnswersProps) {
  return (
    <>
      <p role="alert" className="mb-4 text-sm text-danger empty:hidden">
        {error ? explain(error) : ""}
      </p>
      <DialogActions>
        <DialogClose asChild>
          <Button>{cancel()}</Button>
        </DialogClose>
        <Button look={danger ? "danger" : "primary"} disabled={busy} onClick={onYes}>
          {button}
        </Button>
      </DialogActions>
    </>
  );
}
