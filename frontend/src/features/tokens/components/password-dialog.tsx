"use client";

import { useState } from "react";
import { DialogContent } from "@/components/ui/dialog";
import { DialogForm } from "@/components/ui/dialog-form";
import { ProofField } from "@/features/account";
import { explain } from "@/lib/api/problem";
import { confirmedLately, forgetConfirmed } from "@/lib/visit";
import * as words from "@/messages/newToken";
import * as proof from "@/messages/proof";
import { useCreateToken } from "../api/create-token";
import { type CreatedToken, type NewToken, wrongPassword } from "../token";

interface PasswordDialogProps {
  token: Omit<NewToken, "password">;
  onMade: (token: CreatedToken) => void;
}

/** Asks for the password, and creates a token. */
export function PasswordDialog({ token, onMade }: PasswordDialogProps) {
  const create = useCreateToken();
  const [missing, setMissing] = useState(false);
  const [proved, setProved] = useState(confirmedLately);
  const wrong = wrongPassword(create.error);

  function submit(form: FormData) {
    const password = String(form.get("password") ?? "");
    setMissing(!password && !proved);
    if (proved) create.mutate(token, { onSuccess: onMade, onError: again });
    else if (password) create.mutate({ ...token, password }, { onSuccess: onMade });
  }

  function again() {
    forgetConfirmed();
    setProved(false);
  }

  return (
    <DialogContent title={words.enterPassword()} description={words.enterPasswordText({ name: token.name })}>
      <DialogForm
        action={words.create()}
        error={create.error && !wrong ? explain(create.error) : undefined}
        busy={create.isPending}
        onSubmit={submit}
      >
        <ProofField
          label={proof.yourPassword()}
          name="password"
          autoFocus
          error={missing ? proof.passwordMissing() : wrong}
          proved={proved}
          onProved={() => setProved(true)}
        />
      </DialogForm>
    </DialogContent>
  );
}
