"use client";

import { lazyPart } from "@/lib/lazy-part";
import { useEffect, useState } from "react";
import { type TaskConflict, taskStore } from "../store";

const ConflictDialog = lazyPart(() => import("./conflict-dialog").then((m) => m.ConflictDialog));

/** Puts conflicts to the user, one at a time. */
export function Conflicts() {
  const [conflicts, setConflicts] = useState<TaskConflict[]>([]);
  useEffect(
    () =>
      taskStore.onNews((news) => {
        if (news.kind === "conflict") setConflicts((now) => [...now, news.conflict]);
      }),
    [],
  );
  const [conflict] = conflicts;
  return conflict ? (
    <ConflictDialog conflict={conflict} onDone={() => setConflicts((now) => now.slice(1))} />
  ) : null;
}
