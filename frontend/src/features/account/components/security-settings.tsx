import { FactorsSection } from "./factors-section";
import { IdentitiesSection } from "./identities-section";
import { PasswordSection } from "./password-section";
import { SessionsSection } from "./sessions-section";

/** The password, the second factors, linked accounts, and where the user is signed in. */
export function SecuritySettings() {
  return (
    <>
      <PasswordSection />
      <FactorsSection />
      <IdentitiesSection />
      <SessionsSection />
    </>
  );
}
