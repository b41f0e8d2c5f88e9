"use client";

import { PageTitle } from "@/components/page-title";
import { ResetForm } from "@/features/auth/reset-form";
import * as words from "@/messages/authReset";

export default function ResetPage() {
  return (
    <>
      <PageTitle>{words.newPassword()}</PageTitle>
      <ResetForm />
    </>
  );
}
