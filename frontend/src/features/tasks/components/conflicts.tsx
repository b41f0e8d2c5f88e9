"use client";

import { lazyPart } from "@/lib/lazy-part";
import { useEffect, useState } from "react";
import { type TaskConflict, taskStore, type UndoConflict } from "../store";

const ConflictDialog = lazyPart(() => import("./conflict-dialog").then((m) => m.ConflictDialog));
const UndoConflictDialog = lazyPart(() => import("./undo-conflict-dialog").then((m) => m.UndoConflictDialog));

type Waiting = { of: "edit"; conflict: TaskConflict } | { of: "undo"; conflict: UndoConflict };

/** Shows conflicts to the user, one at a time. */
export function Conflicts() {
  const [conflicts, setConflicts] = useState<Waiting[]>([]);
  useEffect(
    () =>
      taskStore.onOutcome((outcome) => {
        const add = (waiting: Waiting) => setConflicts((now) => [...now, waiting]);
        if (outcome.kind === "conflict") add({ of: "edit", conflict: outcome.conflict });
        if (outcome.kind === "undo-conflict") add({ of: "undo", conflict: outcome.conflict });
      }),
    [],
  );
  const [first] = conflicts;
  const next = () => setConflicts((now) => now.slice(1));
  if (!first) return null;
  const key = first.conflict.op.key;
  return first.of === "edit" ? (
    <ConflictDialog key={key} conflict={first.conflict} onDone={next} />
  ) : (
    <UndoConflictDialog key={key} conflict={first.conflict} onDone={next} />
  );
}
