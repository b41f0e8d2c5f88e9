"use client";

import { type FormEvent, useState } from "react";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { Switch } from "@/components/ui/switch";
import { Section, SettingRow } from "@/features/settings";
import { explain, Problem } from "@/lib/api/problem";
import { sentence } from "@/lib/sentence";
import { useSession } from "@/lib/session/use-session";
import * as words from "@/messages/security";
import { useChangePassword } from "../api/change-password";
import { ProofField } from "./proof-field";
import { proofRefused, useProof } from "./use-proof";

type Errors = Partial<Record<"current" | "next" | "form", string>>;

export function PasswordSection() {
  const { account } = useSession();
  const [errors, setErrors] = useState<Errors>({});
  const [revoke, setRevoke] = useState(false);
  const change = useChangePassword();
  const proof = useProof();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    const current = String(values.get("current") ?? "");
    const next = String(values.get("next") ?? "");
    const found: Errors = {
      ...(current || proof.proved ? {} : { current: proof.missing(words.currentMissing()) }),
      ...(next.length < 10 ? { next: words.newShort() } : {}),
    };
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    change.mutate(
      { ...(proof.proved ? {} : { current_password: current }), new_password: next, revoke_tokens: revoke },
      {
        onSuccess: () => {
          form.reset();
          proof.forget();
        },
        onError: (error) =>
          setErrors(proofRefused(error, "current_password") ? { current: proof.refused() } : refused(error)),
      },
    );
  }

  return (
    <Section title={words.password()} text={words.passwordText()}>
      <form
        method="post" // as in AuthFrame
        onSubmit={submit}
        noValidate
        className="max-w-sm space-y-4"
        aria-label={words.changeThePassword()}
      >
        {/* Lets password managers find the account. */}
        <input type="text" autoComplete="username" value={account?.email ?? ""} readOnly hidden />
        <ProofField
          label={words.currentPassword()}
          name="current"
          error={errors.current}
          proved={proof.proved}
          onProved={() => {
            setErrors({});
            proof.onProved();
          }}
        />
        <Field
          label={words.newPassword()}
          name="next"
          type="password"
          autoComplete="new-password"
          maxLength={128}
          hint={words.newHint()}
          error={errors.next}
        />
        <SettingRow label={words.revokeTokens()} id="revoke-tokens">
          <Switch id="revoke-tokens" checked={revoke} onCheckedChange={setRevoke} />
        </SettingRow>
        <p role="alert" className="text-sm text-danger empty:hidden">
          {errors.form}
        </p>
        <SubmitButton disabled={change.isPending}>{words.changePassword()}</SubmitButton>
      </form>
    </Section>
  );
}

function refused(error: unknown): Errors {
  const next = error instanceof Problem ? error.of("new_password") : undefined;
  return next ? { next: sentence(next) } : { form: explain(error) };
}
