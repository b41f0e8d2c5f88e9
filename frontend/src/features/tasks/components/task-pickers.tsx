"use client";

import { useSyncExternalStore } from "react";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { taskPicker } from "../task-picker";

const TaskPicker = lazyDialog(() => import("./picker/task-picker").then((m) => m.TaskPicker));

/** Shows the picker that a command has opened. */
export function TaskPickers() {
  const request = useSyncExternalStore(taskPicker.subscribe, taskPicker.get, () => null);
  return request ? <TaskPicker request={request} onClose={taskPicker.close} /> : null;
}
