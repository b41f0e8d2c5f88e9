"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { explain, Problem, readProblem } from "@/lib/api/problem";
import { send } from "@/lib/api/send";
import { sentence } from "@/lib/sentence";
import { useOnceShown } from "@/lib/words/use-once-shown";
import * as words from "@/messages/authReset";
import { AuthFrame, AuthOutcome, BackToSignIn, type FormErrors, NewPasswordField } from "./auth-frame";
import { firstErrors, resetForm } from "./forms";

/** Sets a new password with the link of a mail. Its secret is in the fragment, and leaves the address bar at once. */
export function ResetForm() {
  const router = useRouter();
  const token = useRef("");
  const [errors, setErrors] = useState<FormErrors>({});
  const [busy, setBusy] = useState(false);
  const [spent, setSpent] = useState(false);

  useOnceShown(() => {
    token.current = location.hash.slice(1);
    // Not in the history of a shared computer.
    history.replaceState(history.state, "", location.pathname);
  });

  async function submit(values: object) {
    const parsed = resetForm.safeParse(values);
    if (!parsed.success) return setErrors(firstErrors(parsed.error));
    setErrors({});
    setBusy(true);
    try {
      const body = { token: token.current, password: parsed.data.password };
      const response = await send("POST", "/api/auth/reset/confirm", { body }, null);
      if (!response.ok) throw await readProblem(response);
      toast(words.passwordChanged());
      router.replace("/sign-in");
    } catch (error) {
      if (error instanceof Problem && error.of("token")) return setSpent(true);
      const password = error instanceof Problem && error.of("password");
      setErrors(password ? { password: sentence(password) } : { form: explain(error) });
    } finally {
      setBusy(false);
    }
  }

  if (spent) {
    return (
      <AuthOutcome role="alert" title={words.linkSpent()}>
        <p className="text-ink-2">
          {words.linkSpentText({
            link: (text) => (
              <Link href="/forgotten" className="font-medium text-accent underline underline-offset-4">
                {text}
              </Link>
            ),
          })}
        </p>
      </AuthOutcome>
    );
  }
  return (
    <AuthFrame
      title={words.choosePassword()}
      text={words.choosePasswordText()}
      errors={errors}
      busy={busy}
      action={words.setPassword()}
      onSubmit={(values) => void submit(values)}
      foot={<BackToSignIn />}
    >
      <NewPasswordField label={words.newPassword()} error={errors.password} />
    </AuthFrame>
  );
}
