"use client";

import { PageTitle } from "@/components/page-title";
import { KeyboardSettings } from "@/features/settings/components/keyboard-settings";
import * as words from "@/messages/shell";

export default function KeyboardPage() {
  return (
    <>
      <PageTitle>{words.keyboard()}</PageTitle>
      <KeyboardSettings />
    </>
  );
}
