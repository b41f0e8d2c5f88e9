"use client";

import { PageTitle } from "@/components/page-title";
import { AuthForm } from "@/features/auth/auth-form";
import * as words from "@/messages/common";

export default function SignInPage() {
  return (
    <>
      <PageTitle>{words.signIn()}</PageTitle>
      <AuthForm kind="sign-in" />
    </>
  );
}
