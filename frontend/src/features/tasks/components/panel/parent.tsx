"use client";

import { CornerDownRight } from "lucide-react";
import { useTask } from "../../hooks/use-tasks";
import type { Task } from "../../task";
import * as words from "@/messages/panel";

/** Names the task that a subtask is below, and opens it. */
export function Parent({ task, onOpen }: { task: Task; onOpen: (id: string) => void }) {
  const parent = useTask(task.parent_id);
  return parent ? (
    <button
      type="button"
      onClick={() => onOpen(parent.id)}
      className="-ms-2 flex max-w-full items-center gap-1.5 rounded-lg px-2 py-1 text-sm text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:min-h-11"
    >
      <CornerDownRight className="size-4 shrink-0 rtl:-scale-x-100" aria-hidden />
      <span className="sr-only">{words.subtaskOf({ title: parent.title })}</span>
      <span aria-hidden className="truncate" dir="auto">
        {parent.title}
      </span>
    </button>
  ) : null;
}
