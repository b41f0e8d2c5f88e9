"use client";

import { useState } from "react";
import { explain, Problem, readProblem } from "@/lib/api/problem";
import { send } from "@/lib/api/send";
import * as words from "@/messages/authReset";
import { AuthFrame, AuthOutcome, BackToSignIn, EmailField, type FormErrors } from "./auth-frame";
import { firstErrors, forgottenForm } from "./forms";

/** Asks for a link with which the password can be set anew. It says the same whether there is an account. */
export function ForgottenForm() {
  const [errors, setErrors] = useState<FormErrors>({});
  const [sentTo, setSentTo] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(values: object) {
    const parsed = forgottenForm.safeParse(values);
    if (!parsed.success) return setErrors(firstErrors(parsed.error));
    setErrors({});
    setBusy(true);
    try {
      const response = await send("POST", "/api/auth/reset", { body: parsed.data }, null);
      if (!response.ok) throw await readProblem(response);
      setSentTo(parsed.data.email);
    } catch (error) {
      setErrors({ form: refused(error) });
    } finally {
      setBusy(false);
    }
  }

  if (sentTo) {
    return (
      <AuthOutcome role="status" title={words.checkEmail()}>
        <p className="text-ink-2">
          {words.linkSent({
            address: sentTo,
            email: (text) => <span className="font-medium wrap-anywhere text-ink">{text}</span>,
          })}
        </p>
      </AuthOutcome>
    );
  }
  return (
    <AuthFrame
      title={words.forgotten()}
      text={words.forgottenText()}
      errors={errors}
      busy={busy}
      action={words.sendLink()}
      onSubmit={(values) => void submit(values)}
      foot={<BackToSignIn />}
    >
      <EmailField error={errors.email} />
    </AuthFrame>
  );
}

function refused(error: unknown): string {
  if (!(error instanceof Problem)) return explain(error);
  if (error.status === 409) return words.noEmail();
  if (error.status === 429) return words.tryLater();
  return explain(error);
}
