"use client";

import type { ReactNode } from "react";
import { SettingsNav } from "@/features/settings/components/settings-nav";
import { Header } from "@/features/shell/header";
import * as words from "@/messages/shell";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Header title={words.settings()} />
      <SettingsNav />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-4xl px-4 pt-5 pb-16 lg:px-7">{children}</div>
      </div>
    </>
  );
}
