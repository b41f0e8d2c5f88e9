"use client";

import { useWhole } from "@/lib/use-whole";
import { BrowserSection } from "./browser-section";
import { LanguageSection } from "./language-section";
import { LookSection } from "./look-section";
import { ProfileSection } from "./profile-section";
import { TimeSection } from "./time-section";
import { UsageSection } from "./usage-section";

/** The general settings. What is further down than most windows show comes after the first paint. */
export function GeneralSettings() {
  const whole = useWhole();
  return (
    <>
      <ProfileSection />
      <UsageSection />
      <TimeSection />
      {whole ? (
        <>
          <BrowserSection />
          <LanguageSection />
          <LookSection />
        </>
      ) : null}
    </>
  );
}
