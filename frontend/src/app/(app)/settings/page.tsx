import type { Metadata } from "next";
import { Header } from "@/features/shell/header";

export const metadata: Metadata = { title: "Settings" };

export default function SettingsPage() {
  return <Header title="Settings" />;
}
