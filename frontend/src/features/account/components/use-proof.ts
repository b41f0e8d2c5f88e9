import { useState } from "react";
import { Problem } from "@/lib/api/problem";
import { confirmedLately, forgetConfirmed } from "@/lib/visit";
import * as words from "@/messages/proof";
import { useWays } from "../api/identities";

/** Whether the server refused a request because of the proof; other errors leave a confirmation as it is. */
export const proofRefused = (error: unknown, member = "password") =>
  error instanceof Problem && error.of(member) !== undefined;

/** What a form with a ProofField knows of the proof: `proved` if a passkey or a provider was used for it. */
export function useProof() {
  const { data: ways } = useWays();
  const [proved, setProved] = useState(confirmedLately);

  /** Asks for a new proof. */
  function forget() {
    forgetConfirmed();
    setProved(false);
  }

  return {
    proved,
    onProved: () => setProved(true),
    forget,
    /** What to say if the form was sent without a proof. */
    missing: (password: string) => (ways?.password === false ? words.confirmFirst() : password),
    /** Asks for a new proof after the server refused it, and returns what to say. */
    refused() {
      forget();
      return proved ? words.tookTooLong() : words.passwordWrong();
    },
  };
}
