"use client";

import { Ban, CircleCheck, KeyRound, LogOut, MoreHorizontal, ShieldCheck, ShieldOff } from "lucide-react";
import * as words from "@/messages/users";
import { useRef, useState } from "react";
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
  const chosen = useRef<Action | null>(null);
  const close = () => setAction(null);
  function choose(next: Action) {
    chosen.current = next;
  }
  /** Once the menu gives the focus back to its button: the dialog returns it there. */
  function open() {
    setAction(chosen.current);
    chosen.current = null;
  }
  const enabled = user.disabled_at === null;
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button look="ghost" size="icon-sm" aria-label={words.actionsFor(user)}>
            <MoreHorizontal />
          </Button>
        </MenuTrigger>
        <MenuContent align="end" onCloseAutoFocus={open}>
          {user.role === "admin" ? (
            <MenuItem onSelect={() => choose("demote")}>
              <ShieldOff /> {words.demoteDots()}
            </MenuItem>
          ) : (
            <MenuItem onSelect={() => choose("promote")}>
              <ShieldCheck /> {words.promoteDots()}
            </MenuItem>
          )}
          {enabled ? (
            <>
              <MenuItem onSelect={() => choose("reset")}>
                <KeyRound /> {words.resetDots()}
              </MenuItem>
              <MenuItem onSelect={() => choose("sessions")}>
                <LogOut /> {words.endSessionsDots()}
              </MenuItem>
              <MenuItem danger onSelect={() => choose("disable")}>
                <Ban /> {words.disableDots()}
              </MenuItem>
            </>
          ) : (
            <MenuItem onSelect={() => choose("enable")}>
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
