"use client";

import { Eye, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { formatDay, formatFull, formatTime } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { useDiscard, useRedrive } from "../api/decide-dead-letter";
import type { DeadLetter } from "../pipeline";
import { LetterEvent } from "./letter-event";

export function DeadLetterRow({ letter }: { letter: DeadLetter }) {
  const now = useNow();
  const redrive = useRedrive();
  const failed = new Date(letter.failed_at);
  const kind = letter.event_type ?? "No event";
  const by = letter.consumer ?? "an unknown consumer";
  const name = `${kind} of ${letter.consumer ?? "an unknown consumer"}`;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium wrap-anywhere">{kind}</span>
          <span className="text-sm wrap-anywhere text-ink-2">given up by {by}</span>
          {letter.status === "redriven" ? (
            <span className="rounded-md bg-accent-wash px-1.5 py-0.5 text-xs text-ink">Sent again</span>
          ) : null}
        </p>
        <p className="mt-0.5 line-clamp-2 text-sm wrap-anywhere text-ink-2" dir="auto">
          {letter.reason || "No reason was given."}
        </p>
        <p className="mt-0.5 text-xs text-ink-3">
          <time dateTime={letter.failed_at} title={formatFull(failed)}>
            {formatDay(failed, now)}, {formatTime(failed)}
          </time>
          {letter.topic ? ` · from ${letter.topic}` : ""}
          {letter.failures > 1 ? ` · failed ${letter.failures} times` : ""}
        </p>
      </div>
      <div className="flex gap-1.5">
        <Dialog>
          <DialogTrigger asChild>
            <Button size="sm" aria-label={`Look at ${name}`}>
              <Eye /> Look
            </Button>
          </DialogTrigger>
          <DialogContent title={kind} description={letter.reason || undefined} className="max-w-2xl">
            <LetterEvent id={letter.id} />
          </DialogContent>
        </Dialog>
        <Button
          size="sm"
          aria-label={`Redrive ${name}`}
          title="Send the original event again"
          disabled={redrive.isPending}
          onClick={() => redrive.mutate(letter.id)}
        >
          <RotateCw /> Redrive
        </Button>
        <Discard letter={letter} name={name} />
      </div>
    </li>
  );
}

function Discard({ letter, name }: { letter: DeadLetter; name: string }) {
  const [asking, setAsking] = useState(false);
  const discard = useDiscard();
  return (
    <Dialog open={asking} onOpenChange={setAsking}>
      <DialogTrigger asChild>
        <Button look="ghost" size="icon-sm" aria-label={`Discard ${name}`} title="Discard">
          <Trash2 />
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Discard this dead letter?"
        description="The event will never be processed, and it is deleted here. This cannot be undone."
      >
        <div className="flex justify-end gap-2">
          <DialogClose asChild>
            <Button>Keep it</Button>
          </DialogClose>
          <Button
            look="danger"
            disabled={discard.isPending}
            onClick={() => discard.mutate(letter.id, { onSettled: () => setAsking(false) })}
          >
            Discard
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}
