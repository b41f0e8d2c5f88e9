import type { FormEvent, ReactNode } from "react";
import { cancel } from "@/messages/common";
import { Button } from "./button";
import { DialogActions, DialogClose } from "./dialog";

interface DialogFormProps {
  /** The label of the button. */
  action: string;
  error: string | undefined;
  busy: boolean;
  onSubmit: (form: FormData) => void;
  children: ReactNode;
}

/** The form of a dialog, with its error, and buttons to cancel and to submit. */
export function DialogForm({ action, error, busy, onSubmit, children }: DialogFormProps) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      {children}
      <p role="alert" className="text-sm text-danger empty:hidden">
        {error}
      </p>
      <DialogActions>
        <DialogClose asChild>
          <Button>{cancel()}</Button>
        </DialogClose>
        <Button type="submit" look="primary" disabled={busy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
