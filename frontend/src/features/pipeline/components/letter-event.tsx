"use client";

import * as words from "@/messages/pipeline";
import { copy } from "@/messages/common";
import { CopyButton } from "@/components/ui/copy-button";
import { explain } from "@/lib/api/problem";
import { useDeadLetter } from "../api/get-dead-letter";
import type { DeadLetterWithEvent } from "../pipeline";

/** The content of a dead letter. */
export function LetterEvent({ id }: { id: string }) {
  const { data, error } = useDeadLetter(id);
  if (error) return <p className="text-sm text-ink-2">{explain(error)}</p>;
  if (!data) return <div aria-hidden className="h-64" />;
  const text = readable(data);
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1 text-sm">
        {facts(data).map(([term, fact]) => (
          <div key={term} className="contents">
            <dt className="text-ink-2">{term}</dt>
            <dd className="wrap-anywhere">{fact}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-4 flex items-center justify-between">
        <h3 className="text-sm font-medium">{data.event === null ? words.record() : words.event()}</h3>
        <CopyButton size="sm" text={text} label={words.copyEvent()}>
          {copy()}
        </CopyButton>
      </div>
      <pre
        tabIndex={0}
        aria-label={words.event()}
        className="mt-2 max-h-[45vh] overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs leading-relaxed"
      >
        {text}
      </pre>
    </>
  );
}

function facts(letter: DeadLetterWithEvent): [string, string][] {
  const all: [string, string | null][] = [
    [words.consumer(), letter.consumer],
    [words.topic(), letter.topic],
    [words.eventId(), letter.event_id],
    [words.task(), letter.event_subject],
    [words.user(), letter.user_id],
    [words.delivered(), letter.attempts > 0 ? words.times({ count: letter.attempts }) : null],
    [words.failures(), words.times({ count: letter.failures })],
    [words.redrives(), letter.redrives > 0 ? words.times({ count: letter.redrives }) : words.notYet()],
  ];
  return all.flatMap(([term, fact]) => (fact ? [[term, fact] satisfies [string, string]] : []));
}

/** The event as formatted JSON, or else its bytes as text if they are text. */
function readable(letter: DeadLetterWithEvent): string {
  if (letter.event !== null) return JSON.stringify(letter.event, null, 2);
  const bytes = Uint8Array.from(atob(letter.event_base64), (c) => c.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return letter.event_base64;
  }
}
