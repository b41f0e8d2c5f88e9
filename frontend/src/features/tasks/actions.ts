import * as words from "@/messages/acts";
import { undo as undoWord } from "@/messages/common";
import { lazyModule } from "@/lib/lazy-part";
import { notify } from "@/lib/notify";
import { changeMany, createTask, keepTask, patchOf } from "./changes";
import { subtrees, topsOf } from "./outbox/effects";
import type { TaskChange } from "./outbox/op";
import { overLimit } from "./limits";
import { type DeleteScope, type EditScope, needsScope, recurs, seriesQuestions } from "./series-question";
import { taskStore } from "./store";
import type { NewTask, Task, TaskPatch } from "./task";
import { type Act, toastOf, undoStack } from "./undo-stack";

const loadUndo = lazyModule(() => import("./undo"));

function undoing(run: (module: Awaited<ReturnType<typeof loadUndo>>) => void): void {
  const loaded = undoStack.restored.then(loadUndo);
  loaded.then(run, () =>
    notify((toast) => toast.error(words.undoNotLoaded(), { description: words.tryOnline() })),
  );
}

/** Undoes what the user did last, on any page: also if something else is done before that can be undone. */
export function undoLast(): void {
  const { recorded } = undoStack;
  undoing((m) => m.undo(undefined, recorded));
}

/** Redoes what the user undid last. */
export const redoLast = () => undoing((m) => m.redo());

/** Makes changes that are undone together, and shows what was done with an undo button. */
export function act(text: string, description: string | undefined, run: () => void): void {
  const done = undoStack.together(run);
  if (done) announce(text, description, done);
}

/** Says what was done, with a button that undoes it. */
export function announce(text: string, description: string | undefined, done: Act): void {
  const onClick = () => undoing((m) => m.undo(done));
  void notify((toast) =>
    toast(text, { id: toastOf(done), description, duration: 8000, action: { label: undoWord(), onClick } }),
  );
}

const named = (tasks: Task[]) => (tasks.length === 1 ? tasks[0]?.title : undefined);

/** Creates a task and returns its id. What the server would refuse is kept among what could not be saved. */
export function addTask(task: NewTask): string | null {
  const problem = overLimit(task);
  if (problem === null) return createTask(task);
  keepTask(task, problem);
  return null;
}

/** Creates tasks that are listed in their order. */
export function addMany(tasks: readonly NewTask[]): void {
  let made = 0;
  const done = undoStack.together(() => {
    // Each comes before all others, so the last is made first.
    for (const task of tasks.toReversed()) if (addTask(task)) made++;
  });
  if (done) announce(words.tasksAdded({ count: made }), undefined, done);
}

/** Completes or reopens tasks. */
export function complete(ids: readonly string[], completed: boolean): void {
  const tasks = held(ids).filter((task) => task.completed !== completed);
  if (tasks.length === 0) return;
  // A completed task has nothing left to do: its subtasks must not remain in the lists as if they were tasks of their own.
  const chosen = new Set(tasks);
  const below = completed
    ? subtrees(
        taskStore.snapshot.tasks,
        tasks.map(({ id }) => id),
      ).filter((task) => !task.completed && !chosen.has(task))
    : [];
  const count = tasks.length;
  const text = completed
    ? words.tasksCompleted({ count, subtasks: below.length })
    : words.tasksReopened({ count });
  act(text, named(tasks), () =>
    changeMany([...below, ...tasks].map(({ id }) => ({ kind: "complete", id, completed }))),
  );
}

export const areCompleted = (tasks: ReadonlyMap<string, Task>, ids: readonly string[]): boolean =>
  ids.every((id) => tasks.get(id)?.completed);

/** Completes tasks, or reopens them if all are completed: a search finds both kinds. */
export const completeOrReopen = (ids: readonly string[]): void =>
  complete(ids, !areCompleted(taskStore.snapshot.tasks, ids));

/**
 * Deletes tasks; of those that recur, the user decides whether to skip the occurrence or to end the series. `done` is called once
 * they are deleted, and not if the question is closed.
 */
export function destroy(ids: readonly string[], done?: () => void): void {
  const tasks = held(ids);
  const recurring = tasks.filter(recurs);
  const run = (scope?: DeleteScope) => {
    const skips = scope === "this" && recurring.length === tasks.length;
    remove(
      tasks,
      (task) => (scope && recurs(task) ? deletion(task, scope) : { kind: "delete", id: task.id }),
      skips ? words.tasksSkipped : words.tasksDeleted,
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
  remove(held(ids).filter(recurs), ({ id }) => ({ kind: "skip", id }), words.tasksSkipped);
}

/** Removes tasks with their subtasks, and offers an undo. */
function remove(tasks: Task[], change: (task: Task) => TaskChange, say: typeof words.tasksDeleted): void {
  if (tasks.length === 0) return;
  // Subtasks are deleted with their parent: the server would no longer find them.
  const tops = topsOf(taskStore.snapshot.tasks, tasks);
  act(say({ count: tasks.length }), named(tasks), () => changeMany(tops.map(change)));
}

/** Restores a deleted task, with the subtasks that were deleted with it. */
export function restore(task: Task): void {
  act(words.taskRestored(), task.title, () =>
    taskStore.change({ kind: "restore", id: task.id, tasks: [task] }),
  );
}

/**
 * Changes the same fields of several tasks. `done` is called once they are changed: after the user has said which occurrences of
 * those that recur are meant, and not if the question is closed or a value is too long.
 */
export function patchMany(
  ids: readonly string[],
  patch: TaskPatch | ((task: Task) => TaskPatch),
  text: string,
  done?: () => void,
): void {
  const tasks = held(ids);
  const patchFor = (task: Task) => (typeof patch === "function" ? patch(task) : patch);
  const asked = tasks.filter((task) => needsScope(task, patchOf(task, patchFor(task))?.patch ?? {}));
  const run = (scope?: EditScope) => {
    const changes = tasks.flatMap((task) => {
      const change = patchOf(task, patchFor(task));
      return change ? [scope && asked.includes(task) ? { ...change, scope } : change] : [];
    });
    const problem = changes.map((change) => overLimit(change.patch)).find(Boolean);
    if (problem) return void notify((toast) => toast.error(words.nothingChanged(), { description: problem }));
    if (changes.length > 0) act(text, undefined, () => changeMany(changes));
    done?.();
  };
  if (asked.length === 0) run();
  else seriesQuestions.askEdit(asked, run);
}

function held(ids: readonly string[]): Task[] {
  return ids.flatMap((id) => taskStore.get(id) ?? []);
}
