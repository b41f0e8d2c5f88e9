"use client";

import { PageTitle } from "@/components/page-title";
import { ConnectSettings } from "@/features/connect/components/connect-settings";
import * as words from "@/messages/titles";

export default function ConnectPage() {
  return (
    <>
      <PageTitle>{words.connect()}</PageTitle>
      <ConnectSettings />
    </>
  );
}
