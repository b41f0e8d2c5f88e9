"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Toaster } from "@/components/ui/toaster";
import { makeQueryClient } from "@/lib/query-client";
import { keepForOffline } from "@/lib/service-worker";
import { session } from "@/lib/session/session";
import { themeStore } from "@/lib/theme/theme";

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  useEffect(() => session.start(), []);
  // Cached responses of one session must not be visible in the next.
  useEffect(
    () =>
      session.subscribe(() => {
        if (session.getState().status === "out") client.clear();
      }),
    [client],
  );
  useEffect(() => themeStore.watch(), []);
  useEffect(() => keepForOffline(), []);
  return (
    <QueryClientProvider client={client}>
      {children}
      <Toaster />
    </QueryClientProvider>
  );
}
