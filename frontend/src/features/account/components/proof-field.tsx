"use client";

import { KeyRound } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import { explainPasskey, supportsPasskeys } from "@/lib/passkey";
import * as identities from "@/messages/identities";
import * as words from "@/messages/proof";
import { useConfirm } from "../api/confirm";
import { useFactors } from "../api/factors";
import { useWays } from "../api/identities";
import { ConfirmAtProvider } from "./confirm-at-provider";

type ProofFieldProps = Omit<ComponentProps<typeof Field>, "type" | "autoComplete" | "maxLength"> & {
  /** A passkey or a provider was used: the password may be left out. */
  proved: boolean;
  onProved: () => void;
};

/** The field for the user's password, or a passkey or a linked account in its place. */
export function ProofField({ proved, onProved, ...field }: ProofFieldProps) {
  const { data: factors } = useFactors();
  const { data: ways } = useWays();
  const confirm = useConfirm();
  const withPassword = ways?.password !== false;
  if (proved) {
    return (
      <p role="status" className="text-sm text-ink-2">
        {identities.confirmed()}
      </p>
    );
  }
  return (
    <div className="space-y-2">
      {withPassword ? (
        <Field type="password" autoComplete="current-password" maxLength={200} {...field} />
      ) : null}
      {supportsPasskeys() && (factors?.passkeys.length ?? 0) > 0 ? (
        <Button
          size="sm"
          disabled={confirm.isPending}
          onClick={() => confirm.mutate(null, { onSuccess: onProved })}
        >
          <KeyRound /> {words.usePasskeyInstead()}
        </Button>
      ) : null}
      <ConfirmAtProvider />
      <p role="alert" className="text-sm text-danger empty:hidden">
        {confirm.error ? (explainPasskey(confirm.error) ?? problemOf(confirm.error)) : ""}
      </p>
      <p role="alert" className="text-sm text-danger empty:hidden">
        {withPassword ? "" : field.error}
      </p>
    </div>
  );
}

/** Nothing for a browser's error: the user has cancelled. */
const problemOf = (error: unknown) => (error instanceof DOMException ? "" : explain(error));
