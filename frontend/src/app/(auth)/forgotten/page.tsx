"use client";

import { PageTitle } from "@/components/page-title";
import { ForgottenForm } from "@/features/auth/forgotten-form";
import * as words from "@/messages/authReset";

export default function ForgottenPage() {
  return (
    <>
      <PageTitle>{words.forgotten()}</PageTitle>
      <ForgottenForm />
    </>
  );
}
