"use client";

import { PageTitle } from "@/components/page-title";
import { SecuritySettings } from "@/features/account/components/security-settings";
import * as words from "@/messages/titles";

export default function SecurityPage() {
  return (
    <>
      <PageTitle>{words.security()}</PageTitle>
      <SecuritySettings />
    </>
  );
}
