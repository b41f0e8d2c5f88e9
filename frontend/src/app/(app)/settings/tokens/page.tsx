"use client";

import { PageTitle } from "@/components/page-title";
import { TokensSettings } from "@/features/tokens/components/tokens-settings";
import * as words from "@/messages/titles";

export default function TokensPage() {
  return (
    <>
      <PageTitle>{words.accessTokens()}</PageTitle>
      <TokensSettings />
    </>
  );
}
