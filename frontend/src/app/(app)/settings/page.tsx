import type { Metadata } from "next";
import { GeneralSettings } from "@/features/settings/components/general";

export const metadata: Metadata = { title: "Settings · Taskwire" };

export default function SettingsPage() {
  return <GeneralSettings />;
}
