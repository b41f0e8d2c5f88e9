import * as z from "zod/mini";

const email = z
  .string()
  .check(z.trim(), z.minLength(1, "Your email address is missing."), z.email("Enter a valid email address."));

export const signInForm = z.object({
  email,
  password: z.string().check(z.minLength(1, "Your password is missing.")),
});

export const signUpForm = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "Enter your name."), z.maxLength(200, "That is too long.")),
  email,
  password: z
    .string()
    .check(z.minLength(10, "Use at least 10 characters."), z.maxLength(128, "Use at most 128 characters.")),
});

/** The first error of each field. */
export function firstErrors(error: z.core.$ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of error.issues) errors[String(path[0])] ??= message;
  return errors;
}
