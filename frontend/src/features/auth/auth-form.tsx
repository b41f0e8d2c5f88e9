"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { explain, Problem } from "@/lib/api/problem";
import { signIn, signUp } from "@/lib/session/session";
import { useSession } from "@/lib/session/use-session";
import { UnsentNote } from "./unsent-note";
import { firstErrors, signInForm, signUpForm } from "./forms";

type Errors = Partial<Record<"name" | "email" | "password" | "form", string>>;

/** Signs in or registers, and continues to the page that the user requested. */
export function AuthForm({ kind }: { kind: "sign-in" | "sign-up" }) {
  const router = useRouter();
  const { status } = useSession();
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (status === "in") router.replace(destination());
  }, [status, router]);

  // Moves the focus to the first error, for users who cannot see the form.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget));
    setErrors({});
    setBusy(true);
    try {
      if (kind === "sign-in") {
        const parsed = signInForm.safeParse(values);
        if (!parsed.success) return setErrors(firstErrors(parsed.error));
        await signIn(parsed.data);
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
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-4" aria-labelledby="auth-title">
      <h1 id="auth-title" className="text-2xl font-semibold">
        {joining ? "Make an account" : "Welcome back"}
      </h1>
      {joining ? null : <UnsentNote />}
      {joining ? (
        <Field label="Name" name="name" autoComplete="name" maxLength={200} error={errors.name} />
      ) : null}
      <Field
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        error={errors.email}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete={joining ? "new-password" : "current-password"}
        maxLength={joining ? 128 : 200}
        hint={joining ? "At least 10 characters; a few words are best." : undefined}
        error={errors.password}
      />
      <p role="alert" className="min-h-5 text-sm text-danger empty:min-h-0">
        {errors.form}
      </p>
      <Button type="submit" look="primary" size="lg" className="w-full" disabled={busy}>
        {joining ? "Create account" : "Sign in"}
      </Button>
      <p className="text-center text-sm text-ink-2">
        {joining ? "Already here? " : "New to Taskwire? "}
        <Link
          href={joining ? "/sign-in" : "/sign-up"}
          className="font-medium text-accent underline-offset-4 hover:underline"
        >
          {joining ? "Sign in" : "Make an account"}
        </Link>
      </p>
    </form>
  );
}

/** The page that the user was on before the session ended; only paths of this app. */
function destination(): string {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}

function refused(error: unknown, kind: "sign-in" | "sign-up"): Errors {
  if (!(error instanceof Problem)) return { form: explain(error) };
  if (error.status === 409) return { email: "An account with this email address already exists." };
  if (error.status === 401) return { form: "Wrong email or password." };
  if (error.status === 429) return { form: "Too many attempts. Try again in a minute." };
  const fields: Errors = {};
  for (const name of ["name", "email", "password"] as const) {
    const detail = error.of(name);
    if (detail) fields[name] = sentence(detail);
  }
  if (Object.keys(fields).length > 0 && kind === "sign-up") return fields;
  return { form: explain(error) };
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
