import type { Metadata } from "next";
import { ProviderReturn } from "@/features/auth/provider-return";

export const metadata: Metadata = { referrer: "no-referrer" };

export default function ReturnPage() {
  return <ProviderReturn />;
}
