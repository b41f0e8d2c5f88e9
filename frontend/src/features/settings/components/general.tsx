import { BrowserSection } from "./browser-section";
import { LanguageSection } from "./language-section";
import { LookSection } from "./look-section";
import { ProfileSection } from "./profile-section";
import { TimeSection } from "./time-section";
import { UsageSection } from "./usage-section";

export function GeneralSettings() {
  return (
    <>
      <ProfileSection />
      <UsageSection />
      <TimeSection />
      <BrowserSection />
      <LanguageSection />
      <LookSection />
    </>
  );
}
