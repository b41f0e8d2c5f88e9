"use client";

import { PageTitle } from "@/components/page-title";
import { AuthForm } from "@/features/auth/auth-form";
import * as words from "@/messages/auth";

export default function SignUpPage() {
  return (
    <>
      <PageTitle>{words.createAccount()}</PageTitle>
      <AuthForm kind="sign-up" />
    </>
  );
}
