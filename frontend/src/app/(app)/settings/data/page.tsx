"use client";

import { PageTitle } from "@/components/page-title";
import { DataSettings } from "@/features/account/components/data-settings";
import * as words from "@/messages/titles";

export default function DataPage() {
  return (
    <>
      <PageTitle>{words.data()}</PageTitle>
      <DataSettings />
    </>
  );
}
