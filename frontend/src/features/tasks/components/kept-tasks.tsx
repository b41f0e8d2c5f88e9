"use client";

import { usePathname } from "next/navigation";
import { Activity, Suspense, useLayoutEffect, useState } from "react";
import { useSession } from "@/lib/session/use-session";
import { ListSkeleton } from "./list-skeleton";
import { OpenTask } from "./open-task";
import { TasksView } from "./tasks-view";

/**
 * The tasks. While another page is shown they are kept, so that the user comes back at once to where they were; the details of
 * a task are closed, which saves what is typed there. With an open dialog or menu they are not kept, for that would be open
 * again. The address is known only in the browser; until then there is a placeholder.
 */
export function KeptTasks() {
  const shown = usePathname() === "/";
  const { status } = useSession();
  const [kept, setKept] = useState(shown);
  if (shown && !kept) setKept(true);
  useLayoutEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- only the document knows what is open
    if (!shown && isOpenHidden()) setKept(false);
  }, [shown]);
  if (!kept || status === "out") return null;
  return (
    <div className={shown ? "flex min-h-0 flex-1 print:block visitor:hidden" : "hidden"}>
      <Activity mode={shown ? "visible" : "hidden"}>
        <Suspense fallback={<ListSkeleton />}>
          <TasksView />
        </Suspense>
      </Activity>
      {shown ? (
        <Suspense>
          <OpenTask />
        </Suspense>
      ) : null}
    </div>
  );
}

/** Whether a dialog or a menu is open in what was just hidden. */
const isOpenHidden = () =>
  [...document.querySelectorAll("[role=dialog], [role=menu]")].some((element) => !element.checkVisibility());
