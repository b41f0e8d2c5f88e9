"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Switch } from "@/components/ui/switch";
import { Section, SettingRow } from "@/features/settings";
import { explain, Problem } from "@/lib/api/problem";
import { sentence } from "@/lib/sentence";
import { useSession } from "@/lib/session/use-session";
import { confirmedLately, forgetConfirmed } from "@/lib/visit";
import { passwordWrong } from "@/messages/proof";
import * as words from "@/messages/security";
import { useChangePassword } from "../api/change-password";
import { ProofField } from "./proof-field";

type Errors = Partial<Record<"current" | "next" | "form", string>>;

export function PasswordSection() {
  const { account } = useSession();
  const [errors, setErrors] = useState<Errors>({});
  const [revoke, setRevoke] = useState(false);
  const change = useChangePassword();
  // A passkey or a linked account was used instead of the current password.
  const [proved, setProved] = useState(confirmedLately);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    const current = String(values.get("current") ?? "");
    const next = String(values.get("next") ?? "");
    const found: Errors = {
      ...(current || proved ? {} : { current: words.currentMissing() }),
      ...(next.length < 10 ? { next: words.newShort() } : {}),
    };
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    change.mutate(
      { ...(proved ? {} : { current_password: current }), new_password: next, revoke_tokens: revoke },
      {
        onSuccess: () => {
          form.reset();
          forgetConfirmed();
          setProved(false);
        },
        onError: (error) => {
          const found = refused(error);
          setErrors(proved && found.current ? { form: words.tookTooLong() } : found);
          if (!found.current) return;
          forgetConfirmed();
          setProved(false);
        },
      },
    );
  }

  return (
    <Section title={words.password()} text={words.passwordText()}>
      <form
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
          proved={proved}
          onProved={() => {
            setErrors({});
            setProved(true);
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
        <Button type="submit" look="primary" disabled={change.isPending}>
          {words.changePassword()}
        </Button>
      </form>
    </Section>
  );
}

function refused(error: unknown): Errors {
  if (!(error instanceof Problem)) return { form: explain(error) };
  if (error.of("current_password")) return { current: passwordWrong() };
  const next = error.of("new_password");
  return next ? { next: sentence(next) } : { form: explain(error) };
}
