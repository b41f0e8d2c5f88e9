"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { LastUsed } from "@/components/last-used";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { cn } from "@/lib/cn";
import { dayInSentence, timeTag } from "@/lib/time/moment";
import { useNow } from "@/lib/time/now";
import { keepIt } from "@/messages/proof";
import * as words from "@/messages/tokens";
import { useRevokeToken } from "../api/revoke-token";
import { scopeLabels, type Token } from "../token";

export function TokenRow({ token, onRevoked }: { token: Token; onRevoked: () => void }) {
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeToken();
  const expired = now > 0 && Date.parse(token.expires_at) <= now;
  const day = dayInSentence(new Date(token.expires_at), now);
  const time = timeTag(token.expires_at);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span dir="auto" className={cn("font-medium wrap-anywhere", expired && "text-ink-3")}>
            {token.name}
          </span>
          {token.scopes.map((scope) => (
            <span key={scope} className="rounded-md bg-sunken px-1.5 py-0.5 text-xs text-ink-2">
              {scopeLabels[scope]?.label() ?? scope}
            </span>
          ))}
        </p>
        <p className="mt-1 text-[0.8125rem] text-ink-2">
          {expired
            ? words.expired({ day, time, bad: (text) => <span className="text-danger">{text}</span> })
            : words.until({ day, time })}
          {" · "}
          <LastUsed at={token.last_used_at} dayOnly />
        </p>
      </div>
      <Dialog open={asking} onOpenChange={setAsking}>
        <DialogTrigger asChild>
          <Button size="sm" aria-label={words.revokeNamed({ name: token.name })}>
            {words.revoke()}
          </Button>
        </DialogTrigger>
        <DialogContent title={words.revokeQuestion({ name: token.name })} description={words.revokeText()}>
          <DialogActions>
            <DialogClose asChild>
              <Button>{keepIt()}</Button>
            </DialogClose>
            <Button
              look="danger"
              disabled={revoke.isPending}
              onClick={() =>
                revoke.mutate(token.id, {
                  onSuccess: onRevoked,
                  onSettled: () => setAsking(false),
                })
              }
            >
              {words.revoke()}
            </Button>
          </DialogActions>
        </DialogContent>
      </Dialog>
    </li>
  );
}
