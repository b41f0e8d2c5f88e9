"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { explain } from "@/lib/api/problem";
import * as words from "@/messages/providers";
import { destination } from "./destination";
import { listProviders, type Provider, signInAt } from "./providers";

/** Signs in, or up, with an account at a provider; nothing where the operator has configured none. */
export function ProviderButtons() {
  const [providers, setProviders] = useState<Provider[]>([]);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const asking = new AbortController();
    listProviders(asking.signal).then(setProviders, () => {}); // the password is left
    return () => asking.abort();
  }, []);

  async function go(provider: Provider) {
    setError("");
    setBusy(true);
    try {
      await signInAt(provider, destination(location.search, location.origin));
    } catch (refused) {
      setError(explain(refused));
      setBusy(false);
    }
  }

  if (providers.length === 0) return null;
  return (
    <div className="space-y-3">
      {providers.map((provider) => (
        <Button
          key={provider.id}
          size="lg"
          className="w-full"
          disabled={busy}
          onClick={() => void go(provider)}
        >
          {words.continueWith({ provider: provider.name })}
        </Button>
      ))}
      <p role="alert" className="text-sm text-danger empty:hidden">
        {error}
      </p>
    </div>
  );
}
