import { toast } from "sonner";
import {
  changeMany,
  completeTask,
  deleteTask,
  patchOf,
  patchTask,
  restoreTask,
  withSubtasks,
} from "./changes";
import type { TaskChange } from "./outbox/op";
import { taskStore } from "./store";
import type { Task, TaskPatch } from "./task";

/** The last action, for the key that undoes it. */
let undo: (() => void) | null = null;

export function undoLast(): void {
  const run = undo;
  undo = null;
  if (run) run();
  else toast("There is nothing to undo");
}

/** Shows what was done, with an undo button. */
function offerUndo(text: string, description: string | undefined, run: () => void) {
  undo = run;
  toast(text, {
    description,
    duration: 8000,
    action: {
      label: "Undo",
      onClick: () => {
        if (undo === run) undo = null;
        run();
      },
    },
  });
}

const named = (tasks: Task[]) => (tasks.length === 1 ? tasks[0]?.title : undefined);
const counted = (n: number) => (n === 1 ? "Task" : `${n} tasks`);

/** Completes or reopens tasks. */
export function complete(ids: readonly string[], completed: boolean): void {
  const tasks = held(ids).filter((task) => task.completed !== completed);
  if (tasks.length === 0) return;
  const [only] = tasks;
  if (tasks.length === 1 && only) completeTask(only.id, completed);
  else changeMany(tasks.map(({ id }) => ({ kind: "complete", id, completed })));
  offerUndo(
    completed ? `${counted(tasks.length)} completed` : `${counted(tasks.length)} reopened`,
    named(tasks),
    () => changeMany(tasks.map(({ id }) => ({ kind: "complete", id, completed: !completed }))),
  );
}

export function destroy(ids: readonly string[]): void {
  const tasks = held(ids);
  if (tasks.length === 0) return;
  const [only] = tasks;
  // Subtasks are deleted with their parent: the server would no longer find them.
  const gone = new Map(tasks.map((task) => [task.id, withSubtasks([task])]));
  const below = new Set([...gone.values()].flatMap((all) => all.slice(1).map((task) => task.id)));
  const tops = tasks.filter((task) => !below.has(task.id));
  if (tasks.length === 1 && only) deleteTask(only.id);
  else changeMany(tops.map(({ id }) => ({ kind: "delete", id })));
  offerUndo(`${counted(tasks.length)} deleted`, named(tasks), () => {
    for (const task of tops) restoreTask(gone.get(task.id) ?? [task]);
  });
}

/** Changes the same fields of several tasks. */
export function patchMany(
  ids: readonly string[],
  patch: TaskPatch | ((task: Task) => TaskPatch),
  text: string,
): void {
  const changes = held(ids).flatMap(
    (task) => patchOf(task, typeof patch === "function" ? patch(task) : patch) ?? [],
  );
  if (changes.length === 0) return;
  const [only] = changes;
  if (changes.length === 1 && only) patchTask(only.id, only.patch);
  else changeMany(changes);
  offerUndo(text, undefined, () =>
    changeMany(
      changes.map((change): TaskChange => ({
        kind: "patch",
        id: change.id,
        patch: change.before,
        before: change.patch,
      })),
    ),
  );
}

function held(ids: readonly string[]): Task[] {
  return ids.flatMap((id) => taskStore.get(id) ?? []);
}
