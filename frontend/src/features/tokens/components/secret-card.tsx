"use client";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import * as common from "@/messages/common";
import * as words from "@/messages/newToken";
import type { CreatedToken } from "../token";

/** The secret of a new token, shown only once. */
export function SecretCard({ token, onDone }: { token: CreatedToken; onDone: () => void }) {
  return (
    <section
      aria-label={words.tokenNamed({ name: token.name })}
      className="mt-6 animate-rise rounded-xl border border-accent/40 bg-accent-wash p-4"
    >
      <p role="status" className="font-medium">
        {words.copyNow({ name: token.name, token: (text) => <span dir="auto">{text}</span> })}
      </p>
      <div className="mt-3 flex items-center gap-2">
        <code
          data-secret
          tabIndex={0}
          aria-label={words.secret()}
          className="h-9 min-w-0 flex-1 overflow-x-auto rounded-lg border border-line-2 bg-raised px-3 font-mono text-[0.8125rem] leading-9 whitespace-nowrap"
        >
          {token.token}
        </code>
        <CopyButton look="primary" text={token.token} label={words.copyToken()}>
          {common.copy()}
        </CopyButton>
      </div>
      <div className="mt-2 flex justify-end">
        <Button look="ghost" size="sm" onClick={onDone}>
          {words.copied()}
        </Button>
      </div>
    </section>
  );
}
