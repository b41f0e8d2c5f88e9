"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { DialogActions, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain, Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import { lazyPart } from "@/lib/lazy-part";
import * as words from "@/messages/appSetup";
import * as common from "@/messages/common";
import { useConfirmTotp } from "../api/factors";

const QrCode = lazyPart(() => import("./qr-code").then((m) => m.QrCode));

interface AppSetupProps {
  setup: Schema["TotpSetup"];
  onDone: (codes: string[] | null) => void;
}

/** Shows the secret for an authenticator app, and asks for its first code. */
export function AppSetup({ setup, onDone }: AppSetupProps) {
  const confirm = useConfirmTotp();
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "").trim();
    setMissing(!code);
    if (!code) return;
    // Not mutate's onSuccess, which is not called once the dialog is closed: the recovery codes come only with this answer.
    confirm.mutateAsync(code).then(
      (added) => onDone(added.recovery_codes),
      () => {}, // `error` is shown
    );
  }

  const { error } = confirm;
  const wrong = error instanceof Problem && error.of("code");
  return (
    <DialogContent title={words.title()} description={words.text()}>
      <form onSubmit={submit} noValidate className="space-y-5">
        <div className="flex flex-wrap items-center gap-5">
          <QrCode text={setup.uri} label={words.qrCode()} />
          <div className="min-w-0 flex-1 basis-48">
            <p className="text-sm font-medium">{words.key()}</p>
            <code
              data-secret
              tabIndex={0}
              aria-label={words.theKey()}
              className="mt-1 block font-mono text-[0.8125rem] leading-6 wrap-anywhere"
            >
              {setup.secret.match(/.{1,4}/g)?.join(" ")}
            </code>
            <CopyButton size="sm" className="mt-2" text={setup.secret} label={words.copyKey()}>
              {common.copy()}
            </CopyButton>
          </div>
        </div>
        <Field
          label={words.code()}
          name="code"
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          className="font-mono tracking-[0.3em]"
          error={missing ? words.codeMissing() : wrong ? words.codeWrong() : undefined}
        />
        <p role="alert" className="text-sm text-danger empty:hidden">
          {error && !wrong ? explain(error) : ""}
        </p>
        <DialogActions>
          <DialogClose asChild>
            <Button>{common.cancel()}</Button>
          </DialogClose>
          <Button type="submit" look="primary" disabled={confirm.isPending}>
            {words.turnOn()}
          </Button>
        </DialogActions>
      </form>
    </DialogContent>
  );
}
