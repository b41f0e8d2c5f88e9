"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { Direction } from "radix-ui";
import { type ReactNode, useEffect, useLayoutEffect, useState } from "react";
import { guardComposition } from "@/lib/keys/composition";
import { lazyPart } from "@/lib/lazy-part";
import { clearForAnother, makeQueryClient } from "@/lib/query-client";
import { keepForOffline } from "@/lib/service-worker";
import { session } from "@/lib/session/session";
import { themeStore } from "@/lib/theme/theme";
import { languageStore } from "@/lib/words/language";
import { languages } from "@/lib/words/locale";
import { useLanguage } from "@/lib/words/use-language";

const Toaster = lazyPart(() => import("@/components/ui/toaster").then((m) => m.Toaster));

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  const language = useLanguage();
  useLayoutEffect(() => languageStore.watch(), []);
  useEffect(() => session.start(), []);
  useEffect(() => clearForAnother(client), [client]);
  useEffect(() => themeStore.watch(), []);
  useEffect(() => keepForOffline(), []);
  useEffect(() => guardComposition(), []);
  return (
    <QueryClientProvider client={client}>
      {/* In another language everything is rendered anew. */}
      <Direction.Provider key={language} dir={languages[language].dir}>
        {children}
        <Toaster />
      </Direction.Provider>
    </QueryClientProvider>
  );
}
