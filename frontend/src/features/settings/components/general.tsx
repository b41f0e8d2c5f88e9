import { BrowserSection } from "./browser-section";
import { LookSection } from "./look-section";
import { ProfileSection } from "./profile-section";
import { TimeSection } from "./time-section";

export function GeneralSettings() {
  return (
    <>
      <ProfileSection />
      <TimeSection />
      <BrowserSection />
      <LookSection />
    </>
  );
}
