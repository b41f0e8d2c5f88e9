"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { cn } from "@/lib/cn";
import { formatDay, formatFull } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { useRevokeToken } from "../api/revoke-token";
import { scopeLabels, type Token } from "../token";

export function TokenRow({ token, onRevoked }: { token: Token; onRevoked: () => void }) {
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeToken();
  const expired = now > 0 && Date.parse(token.expires_at) <= now;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span dir="auto" className={cn("font-medium wrap-anywhere", expired && "text-ink-3")}>
            {token.name}
          </span>
          {token.scopes.map((scope) => (
            <span key={scope} className="rounded-md bg-sunken px-1.5 py-0.5 text-xs text-ink-2">
              {scopeLabels[scope]?.label ?? scope}
            </span>
          ))}
        </p>
        <p className="mt-1 text-[0.8125rem] text-ink-2">
          {expired ? <span className="text-danger">Expired</span> : "Until"}{" "}
          <Moment at={token.expires_at} now={now} />
          {" · "}
          {token.last_used_at ? (
            <>
              last used <Moment at={token.last_used_at} now={now} />
            </>
          ) : (
            "never used"
          )}
        </p>
      </div>
      <Dialog open={asking} onOpenChange={setAsking}>
        <DialogTrigger asChild>
          <Button size="sm" aria-label={`Revoke ${token.name}`}>
            Revoke
          </Button>
        </DialogTrigger>
        <DialogContent
          title={`Revoke “${token.name}”?`}
          description="Anything that uses it stops working at once. This cannot be undone."
        >
          <div className="flex justify-end gap-2">
            <DialogClose asChild>
              <Button>Keep it</Button>
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
              Revoke
            </Button>
          </div>
        </DialogContent>
      </Dialog>
    </li>
  );
}

function Moment({ at, now }: { at: string; now: number }) {
  const date = new Date(at);
  const day = formatDay(date, now);
  const said = /^(Today|Tomorrow|Yesterday)$/.test(day) ? day.toLowerCase() : day;
  return (
    <time dateTime={at} title={formatFull(date)}>
      {said}
    </time>
  );
}
