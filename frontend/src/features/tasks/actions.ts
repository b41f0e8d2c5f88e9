import { toast } from "sonner";
import { changeMany, completeTask, patchOf, restoreTask, withSubtasks } from "./changes";
import type { TaskChange } from "./outbox/op";
import { type DeleteScope, type EditScope, needsScope, recurs, seriesQuestions } from "./series-question";
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

/** Deletes tasks; of those that recur, the user decides whether to skip the occurrence or to end the series. */
export function destroy(ids: readonly string[], done?: () => void): void {
  const tasks = held(ids);
  const recurring = tasks.filter(recurs);
  const run = (scope?: DeleteScope) => {
    const skips = scope === "this" && recurring.length === tasks.length;
    remove(
      tasks,
      (task) => (scope && recurs(task) ? deletion(task, scope) : { kind: "delete", id: task.id }),
      skips ? "skipped" : "deleted",
    );
    done?.();
  };
  if (recurring.length === 0) run();
  else seriesQuestions.askDelete(recurring, run);
}

const deletion = ({ id }: Task, scope: DeleteScope): TaskChange =>
  scope === "this" ? { kind: "skip", id } : { kind: "delete", id, scope };

/** Skips occurrences of series; other tasks are left alone. */
export function skip(ids: readonly string[]): void {
  remove(held(ids).filter(recurs), ({ id }) => ({ kind: "skip", id }), "skipped");
}

/** Removes tasks with their subtasks, and offers an undo. */
function remove(tasks: Task[], change: (task: Task) => TaskChange, what: string): void {
  if (tasks.length === 0) return;
  // Subtasks are deleted with their parent: the server would no longer find them.
  const gone = new Map(tasks.map((task) => [task.id, withSubtasks([task])]));
  const below = new Set([...gone.values()].flatMap((all) => all.slice(1).map((task) => task.id)));
  const tops = tasks.filter((task) => !below.has(task.id));
  changeMany(tops.map(change));
  offerUndo(`${counted(tasks.length)} ${what}`, named(tasks), () => {
    for (const task of tops) restoreTask(gone.get(task.id) ?? [task]);
  });
}

/** Changes the same fields of several tasks. */
export function patchMany(
  ids: readonly string[],
  patch: TaskPatch | ((task: Task) => TaskPatch),
  text: string,
): void {
  const tasks = held(ids);
  const patchFor = (task: Task) => (typeof patch === "function" ? patch(task) : patch);
  const asked = tasks.filter((task) => needsScope(task, patchOf(task, patchFor(task))?.patch ?? {}));
  const run = (scope?: EditScope) => {
    const changes = tasks.flatMap((task) => {
      const change = patchOf(task, patchFor(task));
      return change ? [scope && asked.includes(task) ? { ...change, scope } : change] : [];
    });
    if (changes.length === 0) return;
    changeMany(changes);
    offerUndo(text, undefined, () =>
      changeMany(
        changes.map((change): TaskChange => ({ ...change, patch: change.before, before: change.patch })),
      ),
    );
  };
  if (asked.length === 0) run();
  else seriesQuestions.askEdit(asked, run);
}

function held(ids: readonly string[]): Task[] {
  return ids.flatMap((id) => taskStore.get(id) ?? []);
}
