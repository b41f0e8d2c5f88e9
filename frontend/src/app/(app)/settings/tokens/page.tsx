import type { Metadata } from "next";
import { TokensSettings } from "@/features/tokens/components/tokens-settings";

export const metadata: Metadata = { title: "Access tokens" };

export default function TokensPage() {
  return <TokensSettings />;
}
