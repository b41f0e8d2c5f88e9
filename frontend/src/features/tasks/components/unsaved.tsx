"use client";

import { lazyPart } from "@/lib/lazy-part";
import { useTasks } from "../hooks/use-tasks";

const UnsavedButton = lazyPart(() => import("./unsaved-button").then((m) => m.UnsavedButton));

/** Shows that changes could not be saved, if there are any. */
export function UnsavedChanges() {
  const { unsaved } = useTasks();
  return unsaved.length > 0 ? <UnsavedButton /> : null;
}
