"use client";

import * as words from "@/messages/pipeline";
import { discard as discardWord } from "@/messages/common";
import { Eye, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { formatDayAndTime, formatFull } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { useDiscard, useRedrive } from "../api/decide-dead-letter";
import type { DeadLetter } from "../pipeline";
import { LetterEvent } from "./letter-event";

export function DeadLetterRow({ letter }: { letter: DeadLetter }) {
  const redrive = useRedrive();
  const kind = letter.event_type ?? words.noEvent();
  const name = { kind, consumer: letter.consumer ?? words.unknownConsumer() };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium wrap-anywhere">{kind}</span>
          <span className="text-sm wrap-anywhere text-ink-2">{words.failedAt(name)}</span>
          {letter.status === "redriven" ? (
            <span className="rounded-md bg-accent-wash px-1.5 py-0.5 text-xs text-ink">
              {words.sentAgain()}
            </span>
          ) : null}
        </p>
        <p className="mt-0.5 line-clamp-2 text-sm wrap-anywhere text-ink-2" dir="auto">
          {letter.reason || words.noReason()}
        </p>
        <Failure letter={letter} />
      </div>
      <div className="flex gap-1.5">
        <Dialog>
          <DialogTrigger asChild>
            <Button size="sm" aria-label={words.lookAt(name)}>
              <Eye /> {words.look()}
            </Button>
          </DialogTrigger>
          <DialogContent title={kind} description={letter.reason || undefined} className="max-w-2xl">
            <LetterEvent id={letter.id} />
          </DialogContent>
        </Dialog>
        <Button
          size="sm"
          aria-label={words.redriveOf(name)}
          title={words.redriveHint()}
          disabled={redrive.isPending}
          onClick={() => redrive.mutate(letter.id)}
        >
          <RotateCw /> {words.redrive()}
        </Button>
        <Discard letter={letter} name={name} />
      </div>
    </li>
  );
}

/** When and how often it failed. */
function Failure({ letter }: { letter: DeadLetter }) {
  const now = useNow();
  const failed = new Date(letter.failed_at);
  return (
    <p className="mt-0.5 text-xs text-ink-3">
      <time dateTime={letter.failed_at} title={formatFull(failed)}>
        {formatDayAndTime(failed, now)}
      </time>
      {letter.topic ? ` · ${words.fromTopic({ topic: letter.topic })}` : ""}
      {letter.failures > 1 ? ` · ${words.failedTimes({ count: letter.failures })}` : ""}
    </p>
  );
}

/** Its dialog says which letter it is about: new ones come on top, so that another may be under the pointer than was meant. */
function Discard({ letter, name }: { letter: DeadLetter; name: Parameters<typeof words.discardOf>[0] }) {
  const [asking, setAsking] = useState(false);
  const discard = useDiscard();
  return (
    <Dialog open={asking} onOpenChange={setAsking}>
      <DialogTrigger asChild>
        <Button look="ghost" size="icon-sm" aria-label={words.discardOf(name)} title={discardWord()}>
          <Trash2 />
        </Button>
      </DialogTrigger>
      <DialogContent title={words.discardAsk(name)} description={words.discardHint()}>
        <Failure letter={letter} />
        <DialogActions className="mt-5">
          <DialogClose asChild>
            <Button>{words.keepIt()}</Button>
          </DialogClose>
          <Button
            look="danger"
            disabled={discard.isPending}
            onClick={() => discard.mutate(letter.id, { onSettled: () => setAsking(false) })}
          >
            {discardWord()}
          </Button>
        </DialogActions>
      </DialogContent>
    </Dialog>
  );
}
