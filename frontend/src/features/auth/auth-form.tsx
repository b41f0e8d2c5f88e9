"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Field } from "@/components/ui/field";
import { explain, Problem } from "@/lib/api/problem";
import { lazyPart } from "@/lib/lazy-part";
import { sentence } from "@/lib/sentence";
import { signIn, type SignInStep, signUp } from "@/lib/session/session";
import { useSession } from "@/lib/session/use-session";
import * as words from "@/messages/auth";
import * as common from "@/messages/common";
import { destination } from "./destination";
import { AuthFrame, EmailField, type FormErrors, NewPasswordField } from "./auth-frame";
import { firstErrors, signInForm, signUpForm } from "./forms";
import { PlaceFields } from "./place-fields";
import { UnsentNote } from "./unsent-note";
import { useKeptDestination } from "./use-kept-destination";

const PasskeySignIn = lazyPart(() => import("./passkey-sign-in").then((m) => m.PasskeySignIn));
const ProviderButtons = lazyPart(() => import("./provider-buttons").then((m) => m.ProviderButtons));
const SecondStep = lazyPart(() => import("./second-step").then((m) => m.SecondStep));

/** Signs in or registers, and continues to the page that the user requested. */
export function AuthForm({ kind }: { kind: "sign-in" | "sign-up" }) {
  const router = useRouter();
  const { status } = useSession();
  const [errors, setErrors] = useState<FormErrors>({});
  const [busy, setBusy] = useState(false);
  const [step, setStep] = useState<SignInStep | null>(null);

  useEffect(() => {
    if (status === "in") router.replace(destination(location.search, location.origin));
  }, [status, router]);

  async function submit(values: object) {
    setErrors({});
    setBusy(true);
    try {
      if (kind === "sign-in") {
        const parsed = signInForm.safeParse(values);
        if (!parsed.success) return setErrors(firstErrors(parsed.error));
        setStep(await signIn(parsed.data));
      } else {
        const parsed = signUpForm.safeParse(values);
        if (!parsed.success) return setErrors(firstErrors(parsed.error));
        await signUp(parsed.data);
      }
    } catch (error) {
      setErrors(refused(error, kind));
    } finally {
      setBusy(false);
    }
  }

  const joining = kind === "sign-up";
  const other = useKeptDestination(joining ? "/sign-in" : "/sign-up");
  const forgotten = useKeptDestination("/forgotten");
  if (step) {
    return (
      <SecondStep
        step={step}
        onRestart={(why) => {
          setStep(null);
          setErrors({ form: why });
        }}
      />
    );
  }
  return (
    <AuthFrame
      title={joining ? words.createAccount() : words.welcomeBack()}
      errors={errors}
      busy={busy}
      action={joining ? words.createAction() : common.signIn()}
      onSubmit={(values) => void submit(values)}
      foot={
        <>
          {joining ? null : <PasskeySignIn />}
          <ProviderButtons />
          <p className="text-center text-sm text-ink-2">
            {(joining ? words.toSignIn : words.toSignUp)({
              link: (text) => (
                <Link href={other} className="font-medium text-accent underline-offset-4 hover:underline">
                  {text}
                </Link>
              ),
            })}
          </p>
        </>
      }
    >
      {joining ? (
        <Field label={words.name()} name="name" autoComplete="name" maxLength={200} error={errors.name} />
      ) : (
        <UnsentNote />
      )}
      <EmailField error={errors.email} passkeys={!joining} />
      {joining ? (
        <>
          <NewPasswordField label={words.password()} error={errors.password} />
          <PlaceFields />
        </>
      ) : (
        <>
          <Field
            label={words.password()}
            name="password"
            type="password"
            autoComplete="current-password"
            maxLength={200}
            error={errors.password}
          />
          <p className="text-end text-sm">
            <Link href={forgotten} className="text-ink-2 underline-offset-4 hover:text-ink hover:underline">
              {words.forgotten()}
            </Link>
          </p>
        </>
      )}
    </AuthFrame>
  );
}

function refused(error: unknown, kind: "sign-in" | "sign-up"): FormErrors {
  if (!(error instanceof Problem)) return { form: explain(error) };
  if (error.status === 409) return { email: words.emailTaken() };
  if (error.status === 401) return { form: words.wrongPassword() };
  if (error.status === 429) return { form: words.tooManyAttempts() };
  const fields: FormErrors = {};
  for (const name of ["name", "email", "password"] as const) {
    const detail = error.of(name);
    if (detail) fields[name] = sentence(detail);
  }
  if (Object.keys(fields).length > 0 && kind === "sign-up") return fields;
  return { form: explain(error) };
}
