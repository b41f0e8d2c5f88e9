"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { usePurge } from "../api/purge";
import * as words from "@/messages/trash";
import * as common from "@/messages/common";

interface PurgeButtonProps {
  /** The task; null for all in the trash. */
  id: string | null;
  title: string;
  text: string;
  act: string;
  children: ReactNode;
}

/** Asks before it deletes for good, which cannot be undone. */
export function PurgeButton({ id, title, text, act, children }: PurgeButtonProps) {
  const [open, setOpen] = useState(false);
  const purge = usePurge();
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>{children}</DialogTrigger>
      <DialogContent title={title} description={text}>
        <DialogActions>
          <DialogClose asChild>
            <Button>{common.cancel()}</Button>
          </DialogClose>
          <Button
            look="danger"
            disabled={purge.isPending}
            onClick={() => purge.mutate(id, { onSettled: () => setOpen(false) })}
          >
            {purge.isPending ? words.deleting() : act}
          </Button>
        </DialogActions>
      </DialogContent>
    </Dialog>
  );
}
