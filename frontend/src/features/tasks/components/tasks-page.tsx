import { Suspense } from "react";
import { ListSkeleton } from "./list-skeleton";
import { TasksView } from "./tasks-view";

/** The tasks. What the address asks for is known in the browser only; until then there is room for it. */
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
