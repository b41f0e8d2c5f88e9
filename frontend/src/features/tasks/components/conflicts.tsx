"use client";

import { lazyPart } from "@/lib/lazy-part";
import { useEffect, useState } from "react";
import { type TaskConflict, taskStore } from "../store";

const ConflictDialog = lazyPart(() => import("./conflict-dialog").then((m) => m.ConflictDialog));

/** Shows conflicts to the user, one at a time. */
export function Conflicts() {
  const [conflicts, setConflicts] = useState<TaskConflict[]>([]);
  useEffect(
    () =>
      taskStore.onOutcome((outcome) => {
        if (outcome.kind === "conflict") setConflicts((now) => [...now, outcome.conflict]);
      }),
    [],
  );
  const [conflict] = conflicts;
  return conflict ? (
    <ConflictDialog conflict={conflict} onDone={() => setConflicts((now) => now.slice(1))} />
  ) : null;
}
