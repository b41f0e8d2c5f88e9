"use client";

import { Button } from "@/components/ui/button";
import { explain } from "@/lib/api/problem";
import * as words from "@/messages/identities";
import { useProviders, useVisit, useWays } from "../api/identities";

/** Buttons that confirm with a linked account, by signing in at its provider again. */
export function ConfirmAtProvider() {
  const { data: ways } = useWays();
  const { data: offered } = useProviders();
  const visit = useVisit();
  const linked = offered?.providers.filter(({ id }) =>
    ways?.identities.some(({ provider }) => provider === id),
  );
  if (!ways || !linked?.length) return null;
  return (
    <div className="space-y-2">
      {ways.password ? null : <p className="text-sm text-ink-2">{words.noPassword()}</p>}
      <div className="flex flex-wrap gap-2">
        {linked.map((provider) => (
          <Button
            key={provider.id}
            size="sm"
            disabled={visit.isPending}
            onClick={() => visit.mutate({ provider, purpose: "confirm" })}
          >
            {words.confirmWith({ provider: provider.name })}
          </Button>
        ))}
      </div>
      <p role="alert" className="text-sm text-danger empty:hidden">
        {visit.error ? explain(visit.error) : ""}
      </p>
    </div>
  );
}
