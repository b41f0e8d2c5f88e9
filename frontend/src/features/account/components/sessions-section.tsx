"use client";

import { Laptop, Smartphone } from "lucide-react";
import { Button } from "@/components/ui/button";
import { LastUsed } from "@/components/last-used";
import { PagedList } from "@/components/ui/paged-list";
import { Section } from "@/features/settings";
import * as words from "@/messages/security";
import { type OpenSession, useEndSession, useSessions } from "../api/sessions";

export function SessionsSection() {
  const query = useSessions();
  const end = useEndSession();
  const others = query.data?.pages.some((page) => page.items.some(({ current }) => !current));
  return (
    <Section title={words.sessions()} text={words.sessionsText()}>
      <div className="rounded-xl border border-line bg-surface">
        <PagedList
          name={words.sessions()}
          query={query}
          waiting={<div aria-hidden className="h-28" />}
          nothing={<p className="px-6 py-10 text-center text-ink-2">{words.noSessions()}</p>}
        >
          {(session) => (
            <SessionRow
              key={session.id}
              session={session}
              busy={end.isPending}
              onEnd={() => end.mutate(session.id)}
            />
          )}
        </PagedList>
      </div>
      {others ? (
        <Button look="danger" disabled={end.isPending} onClick={() => end.mutate(null)}>
          {words.endOthers()}
        </Button>
      ) : null}
    </Section>
  );
}

const networks: Record<OpenSession["network"], () => string> = {
  local: words.fromLocal,
  private: words.fromPrivate,
  internet: words.fromInternet,
  unknown: words.fromUnknown,
};

interface SessionRowProps {
  session: OpenSession;
  busy: boolean;
  onEnd: () => void;
}

function SessionRow({ session, busy, onEnd }: SessionRowProps) {
  const device = session.device || words.unknownDevice();
  const Icon = /iPhone|iPad|Android|Mobile/.test(device) ? Smartphone : Laptop;
  return (
    <li className="flex items-center gap-3 px-4 py-3.5">
      <Icon aria-hidden className="size-5 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">
          {device}
          {session.current ? (
            <span className="ms-2 inline-block rounded-md bg-accent-wash px-1.5 py-0.5 text-xs font-medium whitespace-nowrap text-accent">
              {words.thisBrowser()}
            </span>
          ) : null}
        </p>
        <p className="mt-0.5 text-[0.8125rem] text-ink-2">
          {networks[session.network]()} · <LastUsed at={session.last_used_at} />
        </p>
      </div>
      {session.current ? null : (
        <Button size="sm" disabled={busy} aria-label={words.endSession({ device })} onClick={onEnd}>
          {words.end()}
        </Button>
      )}
    </li>
  );
}
