import { patchTask } from "./changes";
import type { Effect } from "./outbox/effects";
import { taskStore } from "./store";
import type { Task, TaskPatch } from "./task";
import { undoStack } from "./undo-stack";

/** Makes changes that give tasks their former state again, whatever happened since. */
export function undoAnyway(effects: readonly Effect[]): void {
  undoStack.together(() => {
    for (const { id, after, scope } of effects) {
      const task = taskStore.get(id);
      if (after === null) {
        if (task) taskStore.change({ kind: "delete", id });
      } else if (!task) {
        taskStore.change({ kind: "restore", id, tasks: after.id ? [after as Task] : [] });
      } else {
        const { completed, completed_at: _, ...patch } = after;
        if (completed !== undefined && completed !== task.completed)
          taskStore.change({ kind: "complete", id, completed });
        // The default of the server is to change all later occurrences.
        if (!after.id) patchTask(id, patch as TaskPatch, undefined, scope);
      }
    }
  });
}
