"use client";

import { Bot } from "lucide-react";
import { Button } from "@/components/ui/button";
import { LastUsed } from "@/components/last-used";
import { PagedList } from "@/components/ui/paged-list";
import type { Tag } from "@/lib/words/rich-message";
import * as words from "@/messages/apps";
import { type ConnectedApp, useApps, useDisconnect } from "./api";

/** The apps that the user has connected, and how to end that. */
export function AppsSection() {
  const query = useApps();
  const disconnect = useDisconnect();
  return (
    <section aria-labelledby="apps-title">
      <h2 id="apps-title" className="font-semibold">
        {words.title()}
      </h2>
      <p className="mt-1 max-w-2xl text-sm text-ink-2">{words.text()}</p>
      <div className="mt-4 rounded-xl border border-line bg-surface">
        <PagedList
          name={words.title()}
          query={query}
          waiting={<div aria-hidden className="h-20" />}
          nothing={<p className="px-6 py-8 text-center text-ink-2">{words.none()}</p>}
        >
          {(app) => (
            <AppRow
              key={app.id}
              app={app}
              busy={disconnect.isPending}
              onDisconnect={() => disconnect.mutate(app)}
            />
          )}
        </PagedList>
      </div>
    </section>
  );
}

interface AppRowProps {
  app: ConnectedApp;
  busy: boolean;
  onDisconnect: () => void;
}

const name: Tag = (text) => <bdi>{text}</bdi>;
const note: Tag = (text) => <span className="text-sm font-normal text-ink-2">{text}</span>;

function AppRow({ app, busy, onDisconnect }: AppRowProps) {
  return (
    <li className="flex items-center gap-3 px-4 py-3.5">
      <Bot aria-hidden className="size-5 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">
          {app.host
            ? words.by({ app: app.name, host: app.host, name, note })
            : words.unverified({ app: app.name, name, note })}
        </p>
        <p className="mt-0.5 text-[0.8125rem] text-ink-2">
          {app.scopes.includes("tasks:write") ? words.readsAndChanges() : words.reads()} ·{" "}
          <LastUsed at={app.last_used_at} />
        </p>
      </div>
      <Button
        size="sm"
        disabled={busy}
        aria-label={words.disconnectNamed({ app: app.name })}
        onClick={onDisconnect}
      >
        {words.disconnect()}
      </Button>
    </li>
  );
}
