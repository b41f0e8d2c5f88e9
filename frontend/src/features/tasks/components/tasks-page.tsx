import { Suspense } from "react";
import { ListSkeleton } from "./list-skeleton";
import { TasksView } from "./tasks-view";

/** The tasks. The address is known only in the browser; until then there is a placeholder. */
export function TasksPage() {
  return (
    <Suspense
      fallback={
        <>
          <title>Taskwire</title>
          <ListSkeleton />
        </>
      }
    >
      <TasksView />
    </Suspense>
  );
}
