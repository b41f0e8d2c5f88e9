import type { Metadata } from "next";
import { Consent } from "@/features/apps/consent";

export const metadata: Metadata = { referrer: "no-referrer" };

export default function AuthorizePage() {
  return <Consent />;
}
