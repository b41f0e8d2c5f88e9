"use client";

import { memo } from "react";
import { completeTask, deleteTask } from "../changes";
import type { Task } from "../task";

export const TaskRow = memo(function TaskRow({ task }: { task: Task }) {
  return (
    <div role="listitem" className="flex h-full items-center gap-3">
      <input
        type="checkbox"
        checked={task.completed}
        aria-label={task.title}
        onChange={(e) => completeTask(task.id, e.target.checked)}
      />
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {task.title}
      </span>
      <button type="button" aria-label={`Delete ${task.title}`} onClick={() => deleteTask(task.id)}>
        Delete
      </button>
    </div>
  );
});
