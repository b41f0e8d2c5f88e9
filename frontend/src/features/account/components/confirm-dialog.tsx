"use client";

import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain, Problem } from "@/lib/api/problem";
import { explainPasskey, supportsPasskeys } from "@/lib/passkey";
import { useSession } from "@/lib/session/use-session";
import * as common from "@/messages/common";
import * as words from "@/messages/proof";
import { useConfirm } from "../api/confirm";
import { useFactors } from "../api/factors";
import { useWays } from "../api/identities";
import { ConfirmAtProvider } from "./confirm-at-provider";

/** Whether the server wants the user to confirm first. */
export const needsConfirmation = (error: unknown) => error instanceof Problem && error.status === 403;

interface ConfirmDialogProps {
  /** What to do once the user has confirmed; null: nothing asks for it. */
  then: (() => void) | null;
  onClose: () => void;
}

/** Asks for the password or a passkey, before a change that a stranger at this browser must not make. */
export function ConfirmDialog({ then, onClose }: ConfirmDialogProps) {
  return (
    <Dialog open={then !== null} onOpenChange={(open) => open || onClose()}>
      <DialogContent title={words.confirmTitle()} description={words.confirmText()}>
        <ConfirmForm
          onConfirmed={() => {
            onClose();
            then?.();
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

function ConfirmForm({ onConfirmed }: { onConfirmed: () => void }) {
  const { account } = useSession();
  const { data } = useFactors();
  const { data: ways } = useWays();
  const confirm = useConfirm();
  const [missing, setMissing] = useState(false);
  const withPassword = ways?.password !== false;
  const byPasskey = supportsPasskeys() && (data?.passkeys.length ?? 0) > 0;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    setMissing(!password);
    if (password) confirm.mutate(password, { onSuccess: onConfirmed });
  }

  const { error } = confirm;
  const wrong = error instanceof Problem && error.of("password");
  const browser = explainPasskey(error);
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <input type="text" autoComplete="username" value={account?.email ?? ""} readOnly hidden />
      {withPassword ? (
        <Field
          label={words.yourPassword()}
          name="password"
          type="password"
          autoFocus
          autoComplete="current-password"
          maxLength={200}
          error={missing ? words.passwordMissing() : wrong ? words.passwordWrong() : undefined}
        />
      ) : null}
      <ConfirmAtProvider />
      <p role="alert" className="text-sm text-danger empty:hidden">
        {error && !wrong ? (browser === undefined ? explain(error) : browser) : ""}
      </p>
      <DialogActions>
        {byPasskey ? (
          <Button
            className="me-auto"
            disabled={confirm.isPending}
            onClick={() => confirm.mutate(null, { onSuccess: onConfirmed })}
          >
            <KeyRound /> {words.usePasskey()}
          </Button>
        ) : null}
        <DialogClose asChild>
          <Button>{common.cancel()}</Button>
        </DialogClose>
        {withPassword ? (
          <Button type="submit" look="primary" disabled={confirm.isPending}>
            {common.confirm()}
          </Button>
        ) : null}
      </DialogActions>
    </form>
  );
}
