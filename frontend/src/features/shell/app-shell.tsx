"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { Conflicts, SeriesQuestions, TaskOutcomeToasts, taskStore } from "@/features/tasks";
import { useSession } from "@/lib/session/use-session";
import { DrawerProvider } from "./drawer";
import { GlobalKeys } from "./global-keys";
import { Sidebar } from "./sidebar";

/** The frame around every page for signed-in users. */
export function AppShell({ children }: { children: ReactNode }) {
  useSignedIn();
  return (
    <DrawerProvider>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-24 rounded-lg bg-raised px-3 py-2 shadow-2 focus:translate-y-0"
      >
        Skip to the tasks
      </a>
      <div className="flex h-dvh">
        <aside className="hidden w-64 shrink-0 border-r border-line lg:block">
          <Sidebar />
        </aside>
        <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          {children}
        </main>
      </div>
      <TaskOutcomeToasts />
      <Conflicts />
      <SeriesQuestions />
      <GlobalKeys />
    </DrawerProvider>
  );
}

/** Loads the tasks of the signed-in user, or redirects to the sign-in page. */
function useSignedIn() {
  const { status, account } = useSession();
  const router = useRouter();
  const userId = account?.id;
  useEffect(() => {
    if (status === "out") {
      const here = location.pathname + location.search;
      router.replace(here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`);
    }
  }, [status, router]);
  useEffect(() => {
    if (!userId) return;
    void taskStore.start(userId);
    return () => {
      taskStore.stop();
    };
  }, [userId]);
}
