"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { supportsPasskeys } from "@/lib/passkey";
import * as common from "@/messages/common";
import * as words from "@/messages/factors";
import { type Passkey, useAddPasskey } from "../api/factors";
import { FactorPart } from "./factor-part";
import type { Guard } from "./use-guard";
import { PasskeyRow } from "./passkey-row";

interface PasskeysPartProps {
  passkeys: Passkey[];
  guard: Guard;
  onCodes: (codes: string[]) => void;
}

export function PasskeysPart({ passkeys, guard, onCodes }: PasskeysPartProps) {
  const [naming, setNaming] = useState(false);
  const add = useAddPasskey();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    setNaming(false);
    const added = await guard(() => add.mutateAsync(name));
    if (added?.recovery_codes) onCodes(added.recovery_codes);
  }

  return (
    <FactorPart
      title={words.passkeys()}
      text={words.passkeysText()}
      action={
        <Dialog open={naming} onOpenChange={setNaming}>
          <DialogTrigger asChild>
            <Button disabled={add.isPending || !supportsPasskeys()}>
              <Plus /> {words.addPasskey()}
            </Button>
          </DialogTrigger>
          <DialogContent title={words.addPasskey()} description={words.addPasskeyText()}>
            <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
              <Field
                label={words.name()}
                name="name"
                autoFocus
                autoComplete="off"
                maxLength={100}
                placeholder={words.nameExample()}
                hint={words.nameHint()}
              />
              <DialogActions>
                <DialogClose asChild>
                  <Button>{common.cancel()}</Button>
                </DialogClose>
                <Button type="submit" look="primary">
                  {words.goOn()}
                </Button>
              </DialogActions>
            </form>
          </DialogContent>
        </Dialog>
      }
    >
      {passkeys.length > 0 ? (
        <ul aria-label={words.passkeys()} className="divide-y divide-line border-t border-line">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} guard={guard} />
          ))}
        </ul>
      ) : null}
    </FactorPart>
  );
}
