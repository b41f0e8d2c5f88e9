"use client";

import { KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { explain, Problem } from "@/lib/api/problem";
import { askPasskey, explainPasskey, supportsPasskeys } from "@/lib/passkey";
import { open } from "@/lib/session/session";
import * as auth from "@/messages/auth";
import * as words from "@/messages/authStep";
import { passkeyOptions } from "./passkey-options";

/** The server accepts an answer to a challenge for five minutes. */
const challengeLasts = 4 * 60_000;

/** Signs in with a passkey: by a button, or from the suggestions of the field for the email address. */
export function PasskeySignIn() {
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);

  // A browser that can offers the passkeys while the user is at the field. It asks one thing at a time: not while the
  // user has pressed the button.
  useEffect(() => {
    if (busy) return;
    const asking = new AbortController();
    const again = () => setRound((last) => last + 1);
    const timer = setTimeout(again, challengeLasts);
    void suggest(asking.signal).catch((refused) => {
      if (asking.signal.aborted) return;
      setError(said(refused));
      again();
    });
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [busy, round]);

  async function choose() {
    setError("");
    setBusy(true);
    try {
      const passkey = await askPasskey(await passkeyOptions({}));
      await open("/api/auth/login/passkey", { passkey });
    } catch (refused) {
      setError(said(refused));
      setBusy(false);
    }
  }

  if (!supportsPasskeys()) return null;
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-3 text-sm text-ink-3" aria-hidden>
        <span className="h-px flex-1 bg-line" /> {words.or()} <span className="h-px flex-1 bg-line" />
      </div>
      <Button size="lg" className="w-full" disabled={busy} onClick={() => void choose()}>
        <KeyRound /> {words.usePasskey()}
      </Button>
      <p role="alert" className="text-sm text-danger empty:hidden">
        {error}
      </p>
    </div>
  );
}

async function suggest(signal: AbortSignal) {
  if (!supportsPasskeys() || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  let passkey;
  try {
    const options = await passkeyOptions({}, signal);
    passkey = await askPasskey(options, { mediation: "conditional", signal });
  } catch {
    return; // the user did not ask for it
  }
  await open("/api/auth/login/passkey", { passkey });
}

/** What to say about a passkey that did not sign in. */
export function said(error: unknown): string {
  if (error instanceof Problem && error.status === 401) return words.passkeyRefused();
  if (error instanceof Problem && error.status === 429) return auth.tooManyAttempts();
  const browser = explainPasskey(error);
  return browser === undefined ? explain(error) : (browser ?? "");
}
