import type { Change, Unsaved } from "./outbox/op";
import { needsScope, seriesQuestions } from "./series-question";
import { taskStore } from "./store";
import { undoStack } from "./undo-stack";

const opened = "taskwire:unsaved";

/** Opens the list of changes that could not be saved, from anywhere. */
export const openUnsaved = () => void window.dispatchEvent(new Event(opened));

export function onOpenUnsaved(listener: () => void): () => void {
  window.addEventListener(opened, listener);
  return () => window.removeEventListener(opened, listener);
}

/** Whether a change was refused because its task was deleted. */
export const canRestore = ({ status, op }: Unsaved): boolean =>
  status === 404 && (op.change.kind === "patch" || (op.change.kind === "comment" && !op.change.before));

/** The title of the task that a refused change is about; empty if it is not known. */
export const titleOf = ({ op: { change }, title }: Unsaved): string =>
  (change.kind === "create" ? change.task.title : title) ?? "";

/** Restores the deleted task of a refused change, and makes the change again. */
export function restoreUnsaved(unsaved: Unsaved): void {
  const { change } = unsaved.op;
  if (change.kind !== "patch" && change.kind !== "comment") return;
  undoStack.together(() => {
    taskStore.change({ kind: "restore", id: change.id, tasks: [] });
    taskStore.change(change);
  });
  taskStore.discard(unsaved);
}

/** Makes a refused change again. If it is not decided yet which occurrences it is about, the user is asked. */
export function retryUnsaved(unsaved: Unsaved): void {
  const { change } = unsaved.op;
  const retry = (again: Change) => {
    taskStore.change(again);
    taskStore.discard(unsaved);
  };
  const task = change.kind === "patch" ? taskStore.get(change.id) : undefined;
  if (change.kind !== "patch" || change.scope || !task || !needsScope(task, change.patch))
    return retry(change);
  seriesQuestions.askEdit([task], (scope) => retry({ ...change, scope }));
}
