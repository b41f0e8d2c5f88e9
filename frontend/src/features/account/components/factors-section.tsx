"use client";

import { useState } from "react";
import { Section } from "@/features/settings";
import * as words from "@/messages/factors";
import { useFactors } from "../api/factors";
import { AppPart } from "./app-part";
import { ConfirmDialog } from "./confirm-dialog";
import { PasskeysPart } from "./passkeys-part";
import { RecoveryCodes } from "./recovery-codes";
import { RecoveryPart } from "./recovery-part";
import { useGuard } from "./use-guard";

/** Passkeys, the authenticator app and recovery codes. */
export function FactorsSection() {
  const { data } = useFactors();
  const { guard, again, close } = useGuard();
  const [codes, setCodes] = useState<string[] | null>(null);

  const none = data && data.passkeys.length === 0 && !data.totp;
  return (
    <Section title={words.title()} text={words.text()}>
      {codes ? <RecoveryCodes codes={codes} onDone={() => setCodes(null)} /> : null}
      {data ? (
        <>
          <PasskeysPart passkeys={data.passkeys} guard={guard} onCodes={setCodes} />
          <AppPart app={data.totp} guard={guard} onCodes={setCodes} />
          {none ? null : <RecoveryPart left={data.recovery_codes_left} guard={guard} onCodes={setCodes} />}
        </>
      ) : (
        <div aria-hidden className="h-48" />
      )}
      <ConfirmDialog then={again} onClose={close} />
    </Section>
  );
}
