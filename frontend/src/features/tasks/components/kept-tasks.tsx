"use client";

import { usePathname } from "next/navigation";
import { Suspense } from "react";
import { Kept } from "@/components/kept";
import { useSession } from "@/lib/session/use-session";
import { ListSkeleton } from "./list-skeleton";
import { OpenTask } from "./open-task";
import { TasksView } from "./tasks-view";

/**
 * The tasks. While another page is shown they are kept, so that the user comes back at once to where they were; the details of
 * a task are closed, which saves what is typed there. The address is known only in the browser; until then there is a
 * placeholder.
 */
export function KeptTasks() {
  const shown = usePathname() === "/";
  const { status } = useSession();
  if (status === "out") return null;
  return (
    <div className={shown ? "flex min-h-0 flex-1 print:block visitor:hidden" : "hidden"}>
      <Kept shown={shown}>
        <Suspense fallback={<ListSkeleton />}>
          <TasksView />
        </Suspense>
      </Kept>
      {shown ? (
        <Suspense>
          <OpenTask />
        </Suspense>
      ) : null}
    </div>
  );
}
