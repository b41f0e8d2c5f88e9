import * as z from "zod/mini";
import * as words from "@/messages/auth";

const email = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, { error: () => words.emailMissing() }),
    z.email({ error: () => words.emailInvalid() }),
  );

export const signInForm = z.object({
  email,
  password: z.string().check(z.minLength(1, { error: () => words.passwordMissing() })),
});

const newPassword = z
  .string()
  .check(
    z.minLength(10, { error: () => words.passwordShort() }),
    z.maxLength(128, { error: () => words.passwordLong() }),
  );

export const signUpForm = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: () => words.nameMissing() }),
      z.maxLength(200, { error: () => words.nameLong() }),
    ),
  email,
  password: newPassword,
  // The fields of the form offer only what the browser knows; the server checks it.
  timezone: z.optional(z.string()),
  week_start: z.optional(z.string()),
});

export const forgottenForm = z.object({ email });

export const resetForm = z.object({ password: newPassword });

/** The first error of each field. */
export function firstErrors(error: z.core.$ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of error.issues) errors[String(path[0])] ??= message;
  return errors;
}
