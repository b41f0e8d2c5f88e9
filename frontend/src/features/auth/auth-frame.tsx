"use client";

import Link from "next/link";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import * as words from "@/messages/auth";
import * as common from "@/messages/common";
import { useKeptDestination } from "./use-kept-destination";

/** The errors of a form by field; `form` is the one that belongs to no field. */
export type FormErrors = Partial<Record<string, string>>;

interface AuthFrameProps {
  title: string;
  text?: string;
  errors: FormErrors;
  busy: boolean;
  /** The label of the button. */
  action: string;
  onSubmit: (values: Record<string, FormDataEntryValue>) => void;
  /** The links below the button. */
  foot: ReactNode;
  children: ReactNode;
}

/** A form of the pages for users who are not signed in. */
export function AuthFrame({ title, text, errors, busy, action, onSubmit, foot, children }: AuthFrameProps) {
  const form = useRef<HTMLFormElement>(null);

  // Moves the focus to the first error, for users who cannot see the form.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onSubmit(Object.fromEntries(new FormData(event.currentTarget)));
  }

  return (
    <form
      ref={form}
      method="post" // a password must not get into the address, whatever sends the form
      onSubmit={submit}
      noValidate
      className="space-y-4"
      aria-labelledby="auth-title"
    >
      <h1 id="auth-title" className="text-2xl font-semibold">
        {title}
      </h1>
      {text ? <p className="text-sm text-ink-2">{text}</p> : null}
      {children}
      <p role="alert" className="text-sm text-danger empty:hidden">
        {errors.form}
      </p>
      <SubmitButton size="lg" className="w-full" disabled={busy}>
        {action}
      </SubmitButton>
      {foot}
    </form>
  );
}

/** A page that says what became of a form. */
export function AuthOutcome({
  role,
  title,
  next,
  children,
}: {
  role: "status" | "alert";
  title: string;
  /** The page to go to after a sign-in, unless it is the one that the address asks for. */
  next?: string;
  children: ReactNode;
}) {
  return (
    <div role={role} className="space-y-4">
      <h1 className="text-2xl font-semibold">{title}</h1>
      {children}
      <BackToSignIn {...(next === undefined ? {} : { next })} />
    </div>
  );
}

interface EmailFieldProps {
  error: string | undefined;
  /** Whether the browser offers passkeys in it. */
  passkeys?: boolean;
}

export function EmailField({ error, passkeys = false }: EmailFieldProps) {
  return (
    <Field
      label={words.email()}
      name="email"
      type="email"
      autoComplete={passkeys ? "username webauthn" : "username"}
      autoCapitalize="none"
      spellCheck={false}
      maxLength={254}
      error={error}
    />
  );
}

export function NewPasswordField({ label, error }: { label: string; error: string | undefined }) {
  return (
    <Field
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      maxLength={128}
      hint={words.passwordHint()}
      error={error}
    />
  );
}

export function BackToSignIn({ next }: { next?: string }) {
  const page = useKeptDestination("/sign-in", next);
  return (
    <p className="text-center text-sm">
      <Link href={page} className="font-medium text-accent underline-offset-4 hover:underline">
        {common.signIn()}
      </Link>
    </p>
  );
}
