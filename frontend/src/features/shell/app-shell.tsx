"use client";

import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useEffect, useLayoutEffect, useState } from "react";
import {
  Conflicts,
  SeriesQuestions,
  savedViews,
  TaskOutcomeToasts,
  TaskPickers,
  taskStore,
} from "@/features/tasks";
import { lazyPart } from "@/lib/lazy-part";
import { showApp } from "@/lib/session/first-page";
import { useSession } from "@/lib/session/use-session";
import * as words from "@/messages/shell";
import { DrawerProvider } from "./drawer";
import { GlobalKeys } from "./global-keys";
import { Sidebar } from "./sidebar";
import { usePrefetchedPages } from "./use-prefetched-pages";

const DeletionBanner = lazyPart(() => import("./deletion-banner").then((m) => m.DeletionBanner));

/** The frame around every page for signed-in users. */
export function AppShell({ children }: { children: ReactNode }) {
  const account = useSignedIn();
  const leaving = account?.deletes_at;
  usePrefetchedPages(account !== null);
  return (
    <DrawerProvider>
      <a
        href="#main"
        className="fixed start-2 top-2 z-50 -translate-y-24 rounded-lg bg-raised px-3 py-2 shadow-2 focus:translate-y-0 visitor:hidden"
      >
        {words.skip()}
      </a>
      <div className="flex h-dvh pt-[env(safe-area-inset-top)] pr-[env(safe-area-inset-right)] pl-[env(safe-area-inset-left)] print:block print:h-auto visitor:h-auto visitor:p-0">
        <aside className="hidden w-64 shrink-0 border-e border-line lg:block print:hidden visitor:hidden">
          <Sidebar />
        </aside>
        <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none print:block">
          {leaving ? <DeletionBanner at={leaving} /> : null}
          {children}
        </main>
      </div>
      <TaskOutcomeToasts />
      <Conflicts />
      <SeriesQuestions />
      <TaskPickers />
      <GlobalKeys />
    </DrawerProvider>
  );
}

/** Loads the tasks of the signed-in user, whom it returns. Others are redirected to the sign-in page, or see the first page at /. */
function useSignedIn() {
  const { status, account } = useSession();
  const router = useRouter();
  const pathname = usePathname();
  const userId = account?.id;
  const [wasIn, setWasIn] = useState(false);
  if (status === "in" && !wasIn) setWasIn(true);
  // The first page is not for users whose session ended here: they may have changes to send.
  const visiting = status === "out" && !wasIn && pathname === "/";
  useLayoutEffect(() => {
    if (status === "unknown") return;
    const here = location.pathname + location.search;
    showApp(!visiting || here !== "/");
    if (status === "out" && !(visiting && here === "/"))
      router.replace(here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`);
  }, [status, visiting, router]);
  useEffect(() => {
    if (!userId) return;
    void taskStore.start(userId);
    savedViews.start(userId);
    return () => {
      savedViews.stop();
      taskStore.stop();
    };
  }, [userId]);
  return account;
}
