"use client";

import { Check, Clock } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from "@/components/ui/menu";
import * as words from "@/messages/notificationPanel";
import { useReadNotification, useSnoozeNotification } from "../api/change-notifications";
import { type Notification, snoozes } from "../notification";
import { said } from "../said";

/** Snooze, and mark as read. */
export function NotificationActions({ notification }: { notification: Notification }) {
  const { id, read_at } = notification;
  const { title } = said(notification);
  const read = useReadNotification();
  const snooze = useSnoozeNotification();
  const snoozeButton = useRef<HTMLButtonElement>(null);
  return (
    <div className="flex shrink-0 pt-2">
      <Menu>
        <MenuTrigger asChild>
          <Button
            ref={snoozeButton}
            look="ghost"
            size="icon-sm"
            aria-label={words.snoozeTitle({ title })}
            title={words.snooze()}
          >
            <Clock />
          </Button>
        </MenuTrigger>
        <MenuContent align="end" className="min-w-40">
          <MenuLabel>{words.remindAgain()}</MenuLabel>
          {snoozes.map((choice) => (
            <MenuItem key={choice.for} onSelect={() => snooze.mutate({ id, for: choice.for })}>
              {choice.label()}
            </MenuItem>
          ))}
        </MenuContent>
      </Menu>
      {read_at ? null : (
        <Button
          look="ghost"
          size="icon-sm"
          aria-label={words.markReadTitle({ title })}
          title={words.markRead()}
          onClick={() => {
            snoozeButton.current?.focus(); // this button disappears
            read.mutate(id);
          }}
        >
          <Check />
        </Button>
      )}
    </div>
  );
}
