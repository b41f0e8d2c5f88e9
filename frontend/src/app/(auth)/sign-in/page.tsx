import type { Metadata } from "next";
import { AuthForm } from "@/features/auth/auth-form";

export const metadata: Metadata = { title: "Sign in · Taskwire" };

export default function SignInPage() {
  return <AuthForm kind="sign-in" />;
}
