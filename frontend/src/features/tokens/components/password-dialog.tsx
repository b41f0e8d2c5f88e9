"use client";

import { useState } from "react";
import { DialogContent } from "@/components/ui/dialog";
import { DialogForm } from "@/components/ui/dialog-form";
import { ProofField, proofRefused, useProof } from "@/features/account";
import { explain } from "@/lib/api/problem";
import * as words from "@/messages/newToken";
import { passwordMissing, yourPassword } from "@/messages/proof";
import { useCreateToken } from "../api/create-token";
import { type CreatedToken, type NewToken } from "../token";

interface PasswordDialogProps {
  token: Omit<NewToken, "password">;
  onMade: (token: CreatedToken) => void;
}

/** Asks for the password, and creates a token. */
export function PasswordDialog({ token, onMade }: PasswordDialogProps) {
  const create = useCreateToken();
  const [errors, setErrors] = useState<{ proof?: string; form?: string }>({});
  const proof = useProof();

  function submit(form: FormData) {
    const password = String(form.get("password") ?? "");
    if (!password && !proof.proved) return setErrors({ proof: proof.missing(passwordMissing()) });
    setErrors({});
    create.mutate(proof.proved ? token : { ...token, password }, {
      onSuccess: onMade,
      onError: (error) =>
        setErrors(proofRefused(error) ? { proof: proof.refused() } : { form: explain(error) }),
    });
  }

  return (
    <DialogContent title={words.enterPassword()} description={words.enterPasswordText({ name: token.name })}>
      <DialogForm action={words.create()} error={errors.form} busy={create.isPending} onSubmit={submit}>
        <ProofField
          label={yourPassword()}
          name="password"
          autoFocus
          error={errors.proof}
          proved={proof.proved}
          onProved={proof.onProved}
        />
      </DialogForm>
    </DialogContent>
  );
}
