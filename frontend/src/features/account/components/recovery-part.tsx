"use client";

import { Button } from "@/components/ui/button";
import * as words from "@/messages/factors";
import { useNewRecoveryCodes } from "../api/factors";
import { FactorPart } from "./factor-part";
import type { Guard } from "./use-guard";

interface RecoveryPartProps {
  left: number;
  guard: Guard;
  onCodes: (codes: string[]) => void;
}

export function RecoveryPart({ left, guard, onCodes }: RecoveryPartProps) {
  const make = useNewRecoveryCodes();
  return (
    <FactorPart
      title={words.recovery()}
      text={words.recoveryLeft({ left })}
      action={
        <Button
          disabled={make.isPending}
          onClick={() =>
            void guard(() => make.mutateAsync()).then(
              (added) => added?.recovery_codes && onCodes(added.recovery_codes),
            )
          }
        >
          {words.newCodes()}
        </Button>
      }
    />
  );
}
