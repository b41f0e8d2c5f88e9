"use client";

import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogTrigger } from "@/components/ui/dialog";
import { PagedList } from "@/components/ui/paged-list";
import * as words from "@/messages/tokens";
import { useTokens } from "../api/get-tokens";
import type { CreatedToken } from "../token";
import { NewTokenDialog } from "./new-token-dialog";
import { SecretCard } from "./secret-card";
import { TokenRow } from "./token-row";

/** Personal access tokens: for scripts, curl and assistants. */
export function TokensSettings() {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<CreatedToken | null>(null);
  const query = useTokens();
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <div className="max-w-md flex-1 basis-64">
          <h2 className="font-semibold">{words.accessTokens()}</h2>
          <p className="mt-1 text-sm text-ink-2">{words.text()}</p>
        </div>
        <Dialog open={making} onOpenChange={setMaking}>
          <DialogTrigger asChild>
            <Button look="primary">
              <Plus /> {words.newToken()}
            </Button>
          </DialogTrigger>
          <NewTokenDialog
            onMade={(token) => {
              setMade(token);
              setMaking(false);
            }}
          />
        </Dialog>
      </div>
      {made ? <SecretCard token={made} onDone={() => setMade(null)} /> : null}
      <div className="mt-6 rounded-xl border border-line bg-surface">
        <PagedList
          name={words.accessTokens()}
          query={query}
          waiting={<div aria-hidden className="h-40" />}
          nothing={<Nothing />}
        >
          {(token) => (
            <TokenRow
              key={token.id}
              token={token}
              onRevoked={() => setMade((one) => (one?.id === token.id ? null : one))}
            />
          )}
        </PagedList>
      </div>
    </>
  );
}

function Nothing() {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <KeyRound className="size-7 text-ink-3" aria-hidden />
      <p className="mt-3 font-medium">{words.none()}</p>
      <p className="mt-1 text-sm text-ink-2">{words.noneText()}</p>
    </div>
  );
}
