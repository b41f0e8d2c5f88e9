"use client";

import Link from "next/link";
import { Tabs } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogTrigger } from "@/components/ui/dialog";
import { PasswordDialog, type Scope } from "@/features/tokens";
import * as common from "@/messages/common";
import * as words from "@/messages/connect";
import { type Snippet, tokenPlaceholder } from "../snippets";

interface ConnectCardProps {
  title: string;
  text: ReactNode;
  /** The kind of token that it needs. */
  token: { name: string; scopes: Scope[] };
  snippets: (token: string) => Snippet[];
}

export function ConnectCard({ title, text, token, snippets }: ConnectCardProps) {
  // Kept in memory only while the page is open: it is shown only once.
  const [secret, setSecret] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const list = snippets(secret ?? tokenPlaceholder);
  return (
    <section aria-label={title}>
      <h2 className="font-semibold">{title}</h2>
      <p className="mt-1 max-w-2xl text-sm text-ink-2">{text}</p>
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-sunken px-3.5 py-2.5 text-sm">
        {secret ? (
          <p role="status" className="min-w-0 flex-1 basis-64">
            {words.tokenFilled({
              link: (text) => (
                <Link
                  href="/settings/tokens"
                  className="font-medium text-accent underline underline-offset-4"
                >
                  {text}
                </Link>
              ),
            })}
          </p>
        ) : (
          <>
            <p className="min-w-0 flex-1 basis-64 text-ink-2">
              {words.putToken({
                placeholder: tokenPlaceholder,
                code: (text) => <code className="font-mono text-[0.8125rem] text-ink">{text}</code>,
              })}
            </p>
            <Dialog open={asking} onOpenChange={setAsking}>
              <DialogTrigger asChild>
                <Button size="sm">{words.createToken()}</Button>
              </DialogTrigger>
              <PasswordDialog
                token={{ ...token, expires_in_days: 90 }}
                onMade={(made) => {
                  setSecret(made.token);
                  setAsking(false);
                }}
              />
            </Dialog>
          </>
        )}
      </div>
      <Tabs.Root defaultValue={list[0]?.id ?? ""} className="mt-4 rounded-xl border border-line bg-surface">
        <Tabs.List aria-label={title} className="flex gap-1 overflow-x-auto border-b border-line px-2">
          {list.map(({ id, label }) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="-mb-px border-b-2 border-transparent px-2.5 py-2.5 text-sm whitespace-nowrap text-ink-2 outline-offset-[-3px] hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink pointer-coarse:min-h-11"
            >
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {list.map((snippet) => (
          <Tabs.Content key={snippet.id} value={snippet.id} className="p-4 outline-offset-[-3px]">
            <div className="flex items-center justify-between gap-4">
              <p className="text-sm text-ink-2">{snippet.where}</p>
              <CopyButton size="sm" text={snippet.code} label={words.copyFor({ name: snippet.label })}>
                {common.copy()}
              </CopyButton>
            </div>
            <pre
              aria-label={words.codeFor({ name: snippet.label })}
              className="mt-3 rounded-lg bg-sunken p-3.5 font-mono text-[0.8125rem] leading-relaxed wrap-anywhere whitespace-pre-wrap"
            >
              {snippet.code}
            </pre>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}
