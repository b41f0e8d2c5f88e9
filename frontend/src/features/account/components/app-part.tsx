"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { LastUsed } from "@/components/last-used";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import type { Schema } from "@/lib/api/schema";
import * as common from "@/messages/common";
import * as words from "@/messages/factors";
import { keepIt } from "@/messages/proof";
import { type Factors, useRemoveTotp, useSetUpTotp } from "../api/factors";
import { AppSetup } from "./app-setup";
import { FactorPart } from "./factor-part";
import type { Guard } from "./use-guard";

interface AppPartProps {
  app: Factors["totp"];
  guard: Guard;
  onCodes: (codes: string[]) => void;
}

/** The authenticator app. */
export function AppPart({ app, guard, onCodes }: AppPartProps) {
  const [setup, setSetup] = useState<Schema["TotpSetup"] | null>(null);
  const begin = useSetUpTotp();
  return (
    <FactorPart
      title={words.app()}
      text={words.appText()}
      action={
        app ? (
          <Remove guard={guard} />
        ) : (
          <Button
            disabled={begin.isPending}
            onClick={() => void guard(() => begin.mutateAsync()).then((made) => made && setSetup(made))}
          >
            {words.setUp()}
          </Button>
        )
      }
    >
      {app ? (
        <p className="border-t border-line px-4 py-3 text-[0.8125rem] text-ink-2">
          {words.isSetUp()} · <LastUsed at={app.last_used_at} />
        </p>
      ) : null}
      <Dialog open={setup !== null} onOpenChange={(open) => open || setSetup(null)}>
        {setup ? (
          <AppSetup
            setup={setup}
            onDone={(codes) => {
              setSetup(null);
              if (codes) onCodes(codes);
            }}
          />
        ) : null}
      </Dialog>
    </FactorPart>
  );
}

function Remove({ guard }: { guard: Guard }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveTotp();
  return (
    <Dialog open={asking} onOpenChange={setAsking}>
      <DialogTrigger asChild>
        <Button aria-label={words.removeTheApp()}>{common.remove()}</Button>
      </DialogTrigger>
      <DialogContent title={words.removeApp()} description={words.removeAppText()}>
        <DialogActions>
          <DialogClose asChild>
            <Button>{keepIt()}</Button>
          </DialogClose>
          <Button
            look="danger"
            onClick={() => {
              setAsking(false);
              void guard(() => remove.mutateAsync());
            }}
          >
            {common.remove()}
          </Button>
        </DialogActions>
      </DialogContent>
    </Dialog>
  );
}
