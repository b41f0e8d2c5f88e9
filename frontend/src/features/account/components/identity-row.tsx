"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { explain, Problem } from "@/lib/api/problem";
import { notify } from "@/lib/notify";
import * as words from "@/messages/identities";
import { type Identity, useUnlink } from "../api/identities";
import { LastUsed } from "@/components/last-used";
import { needsConfirmation } from "./confirm-dialog";
import type { Guard } from "./use-guard";

/** One linked account. */
export function IdentityRow({ identity, guard }: { identity: Identity; guard: Guard }) {
  const [open, setOpen] = useState(false);
  const unlink = useUnlink();
  const provider = identity.name;

  async function remove() {
    try {
      await unlink.mutateAsync(identity);
      void notify((toast) => toast(words.unlinked({ provider })));
    } catch (error) {
      if (needsConfirmation(error)) throw error;
      const last = error instanceof Problem && error.status === 409;
      void notify((toast) =>
        toast.error(words.unlinkFailed(), { description: last ? words.lastWay() : explain(error) }),
      );
    }
  }

  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-medium">{provider}</p>
        <p className="mt-0.5 text-[0.8125rem] wrap-anywhere text-ink-2">
          {identity.email || words.unnamed()} · <LastUsed at={identity.last_used_at} />
        </p>
      </div>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogTrigger asChild>
          <Button size="sm" aria-label={words.unlinkOf({ provider })}>
            {words.unlink()}
          </Button>
        </DialogTrigger>
        <DialogContent title={words.unlinkTitle({ provider })} description={words.unlinkText({ provider })}>
          <DialogActions>
            <DialogClose asChild>
              <Button>{words.keepIt()}</Button>
            </DialogClose>
            <Button
              look="danger"
              onClick={() => {
                setOpen(false);
                void guard(remove);
              }}
            >
              {words.unlink()}
            </Button>
          </DialogActions>
        </DialogContent>
      </Dialog>
    </li>
  );
}
