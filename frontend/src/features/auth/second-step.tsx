"use client";

import { KeyRound } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { explain, Problem } from "@/lib/api/problem";
import { askPasskey, supportsPasskeys } from "@/lib/passkey";
import { open, type SignInStep } from "@/lib/session/session";
import * as words from "@/messages/authStep";
import * as common from "@/messages/common";
import { passkeyOptions } from "./passkey-options";
import { said } from "./passkey-sign-in";

type Factor = SignInStep["factors"][number];

const ways: Record<Factor, () => string> = {
  passkey: words.usePasskey,
  totp: words.useApp,
  recovery_code: words.useRecoveryCode,
};

interface SecondStepProps {
  step: SignInStep;
  /** The session has started. */
  onDone?: () => void;
  onRestart: (why: string) => void;
}

/** Asks for the second factor, after the password or the return from a provider. */
export function SecondStep({ step, onDone, onRestart }: SecondStepProps) {
  const offered = step.factors.filter((factor) => factor !== "passkey" || supportsPasskeys());
  const [factor, setFactor] = useState<Factor>(offered[0] ?? "recovery_code");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>("input, button")?.focus();
  }, [factor, error]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { transaction } = step;
    const code = String(new FormData(event.currentTarget).get("code") ?? "").trim();
    if (factor !== "passkey" && !code) return setError(words.codeMissing());
    setError("");
    setBusy(true);
    try {
      const answer =
        factor === "passkey"
          ? { passkey: await askPasskey(await passkeyOptions({ transaction })) }
          : factor === "totp"
            ? { code }
            : { recovery_code: code };
      await open("/api/auth/login/second-step", { transaction, ...answer });
      onDone?.();
    } catch (refused) {
      if (refused instanceof Problem && refused.of("transaction")) {
        return onRestart(words.startAgain());
      }
      setError(wrong(refused, factor));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      ref={form}
      onSubmit={(event) => void submit(event)}
      noValidate
      className="space-y-4"
      aria-labelledby="auth-title"
    >
      <h1 id="auth-title" className="text-2xl font-semibold">
        {words.oneMoreStep()}
      </h1>
      {factor === "passkey" ? (
        <p className="text-sm text-ink-2">{words.confirmByPasskey()}</p>
      ) : factor === "totp" ? (
        <Field
          key="totp"
          label={words.appCode()}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          className="font-mono tracking-[0.3em]"
          error={error || undefined}
        />
      ) : (
        <Field
          key="recovery"
          label={words.recoveryCode()}
          name="code"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          className="font-mono"
          hint={words.recoveryHint()}
          error={error || undefined}
        />
      )}
      <p role="alert" className="text-sm text-danger empty:hidden">
        {factor === "passkey" ? error : ""}
      </p>
      <Button type="submit" look="primary" size="lg" className="w-full" disabled={busy}>
        {factor === "passkey" ? (
          <>
            <KeyRound /> {words.usePasskey()}
          </>
        ) : (
          common.signIn()
        )}
      </Button>
      <div className="flex flex-col items-center gap-1 text-sm">
        {offered
          .filter((other) => other !== factor)
          .map((other) => (
            <Button
              key={other}
              look="ghost"
              size="sm"
              onClick={() => {
                setError("");
                setFactor(other);
              }}
            >
              {ways[other]()}
            </Button>
          ))}
        <Button look="ghost" size="sm" onClick={() => onRestart("")}>
          {words.signInAsOther()}
        </Button>
      </div>
    </form>
  );
}

function wrong(error: unknown, factor: Factor): string {
  if (factor === "passkey") return said(error);
  if (error instanceof Problem && error.status === 401)
    return factor === "totp" ? words.appCodeWrong() : words.recoveryCodeWrong();
  if (error instanceof Problem && error.status === 429) return words.tryLater();
  return explain(error);
}
