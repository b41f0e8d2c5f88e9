import type { Metadata } from "next";
import { ConnectSettings } from "@/features/connect/components/connect-settings";

export const metadata: Metadata = { title: "Connect" };

export default function ConnectPage() {
  return <ConnectSettings />;
}
