import type { Metadata } from "next";
import { AuthForm } from "@/features/auth/auth-form";

export const metadata: Metadata = { title: "Make an account · Taskwire" };

export default function SignUpPage() {
  return <AuthForm kind="sign-up" />;
}
