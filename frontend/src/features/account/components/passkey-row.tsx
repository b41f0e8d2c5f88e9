"use client";

import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { LastUsed } from "@/components/last-used";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import * as common from "@/messages/common";
import * as words from "@/messages/factors";
import { keepIt } from "@/messages/proof";
import { type Passkey, useRemovePasskey, useRenamePasskey } from "../api/factors";
import type { Guard } from "./use-guard";

export function PasskeyRow({ passkey, guard }: { passkey: Passkey; guard: Guard }) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const rename = useRenamePasskey();
  const remove = useRemovePasskey();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (!name) return;
    setOpen(null);
    void guard(() => rename.mutateAsync({ id: passkey.id, name }));
  }

  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <KeyRound aria-hidden className="size-5 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1 basis-40">
        <p dir="auto" className="font-medium wrap-anywhere">
          {passkey.name}
        </p>
        <p className="mt-0.5 text-[0.8125rem] text-ink-2">
          {passkey.synced ? <>{words.synced()} · </> : null}
          <LastUsed at={passkey.last_used_at} />
        </p>
      </div>
      <Dialog open={open === "rename"} onOpenChange={(on) => setOpen(on ? "rename" : null)}>
        <DialogTrigger asChild>
          <Button size="sm" aria-label={words.renameNamed({ name: passkey.name })}>
            {common.rename()}
          </Button>
        </DialogTrigger>
        <DialogContent title={words.renamePasskey()}>
          <form onSubmit={submit} noValidate className="space-y-5">
            <Field
              label={words.name()}
              name="name"
              autoFocus
              autoComplete="off"
              maxLength={100}
              defaultValue={passkey.name}
            />
            <DialogActions>
              <DialogClose asChild>
                <Button>{common.cancel()}</Button>
              </DialogClose>
              <Button type="submit" look="primary">
                {common.rename()}
              </Button>
            </DialogActions>
          </form>
        </DialogContent>
      </Dialog>
      <Dialog open={open === "remove"} onOpenChange={(on) => setOpen(on ? "remove" : null)}>
        <DialogTrigger asChild>
          <Button size="sm" aria-label={words.removeNamed({ name: passkey.name })}>
            {common.remove()}
          </Button>
        </DialogTrigger>
        <DialogContent
          title={words.removePasskey({ name: passkey.name })}
          description={words.removePasskeyText()}
        >
          <DialogActions>
            <DialogClose asChild>
              <Button>{keepIt()}</Button>
            </DialogClose>
            <Button
              look="danger"
              onClick={() => {
                setOpen(null);
                void guard(() => remove.mutateAsync(passkey.id));
              }}
            >
              {common.remove()}
            </Button>
          </DialogActions>
        </DialogContent>
      </Dialog>
    </li>
  );
}
