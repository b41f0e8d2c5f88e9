"use client";

import { PageTitle } from "@/components/page-title";
import { GeneralSettings } from "@/features/settings/components/general";
import * as words from "@/messages/shell";

export default function SettingsPage() {
  return (
    <>
      <PageTitle>{words.settings()}</PageTitle>
      <GeneralSettings />
    </>
  );
}
