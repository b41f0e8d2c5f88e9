"use client";

import { useSyncExternalStore } from "react";
import { lazyPart } from "@/lib/lazy-part";
import { taskPicker } from "../task-picker";

const TaskPicker = lazyPart(() => import("./picker/task-picker").then((m) => m.TaskPicker));

/** Shows the picker that a command has opened. */
export function TaskPickers() {
  const request = useSyncExternalStore(taskPicker.subscribe, taskPicker.get, () => null);
  return request ? (
    <>
      {/* Until it is loaded, what is typed for it must not act on the list. */}
      <span hidden data-opening />
      <TaskPicker request={request} />
    </>
  ) : null;
}
