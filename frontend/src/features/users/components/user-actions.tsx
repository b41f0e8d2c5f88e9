"use client";

import { Ban, CircleCheck, KeyRound, LogOut, MoreHorizontal, ShieldCheck, ShieldOff } from "lucide-react";
import * as words from "@/messages/users";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import type { ManagedUser } from "../api/users";
import { ChangeDialog, type ChangeKind } from "./change-dialog";
import { ResetDialog } from "./reset-dialog";
import { SessionsDialog } from "./sessions-dialog";

type Action = ChangeKind | "sessions" | "reset";

/** What an administrator can do with a user. Each action asks first. */
export function UserActions({ user }: { user: ManagedUser }) {
  const [action, setAction] = useState<Action | null>(null);
  const close = () => setAction(null);
  const enabled = user.disabled_at === null;
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button look="ghost" size="icon-sm" aria-label={words.actionsFor(user)}>
            <MoreHorizontal />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          {user.role === "admin" ? (
            <MenuItem onSelect={() => setAction("demote")}>
              <ShieldOff /> {words.demoteDots()}
            </MenuItem>
          ) : (
            <MenuItem onSelect={() => setAction("promote")}>
              <ShieldCheck /> {words.promoteDots()}
            </MenuItem>
          )}
          {enabled ? (
            <>
              <MenuItem onSelect={() => setAction("reset")}>
                <KeyRound /> {words.resetDots()}
              </MenuItem>
              <MenuItem onSelect={() => setAction("sessions")}>
                <LogOut /> {words.endSessionsDots()}
              </MenuItem>
              <MenuItem danger onSelect={() => setAction("disable")}>
                <Ban /> {words.disableDots()}
              </MenuItem>
            </>
          ) : (
            <MenuItem onSelect={() => setAction("enable")}>
              <CircleCheck /> {words.enableDots()}
            </MenuItem>
          )}
        </MenuContent>
      </Menu>
      <Dialog open={action !== null} onOpenChange={close}>
        {action === "sessions" ? (
          <SessionsDialog user={user} onDone={close} />
        ) : action === "reset" ? (
          <ResetDialog user={user} onDone={close} />
        ) : action ? (
          <ChangeDialog user={user} kind={action} onDone={close} />
        ) : null}
      </Dialog>
    </>
  );
}
