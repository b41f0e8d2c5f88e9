import { Emitter } from "@/lib/store/emitter";
import type { Task, TaskPatch } from "./task";

/** Which occurrences an edit is about. */
export type EditScope = "this" | "following";
/** What deleting an occurrence means: to skip it, or to end its series. */
export type DeleteScope = "this" | "series";

export type SeriesQuestion = { tasks: readonly Task[] } & (
  | { about: "edit"; answer: (scope: EditScope | null) => void }
  | { about: "delete"; answer: (scope: DeleteScope | null) => void }
);

/** The questions about series that the user has not answered yet; the first one is shown. */
class SeriesQuestions extends Emitter {
  #waiting: readonly SeriesQuestion[] = [];

  getSnapshot = (): SeriesQuestion | undefined => this.#waiting[0];

  askEdit(tasks: readonly Task[], answer: (scope: EditScope) => void, closed?: () => void) {
    this.#ask({ about: "edit", tasks, answer: this.#once(answer, closed) });
  }

  askDelete(tasks: readonly Task[], answer: (scope: DeleteScope) => void) {
    this.#ask({ about: "delete", tasks, answer: this.#once(answer) });
  }

  #ask(question: SeriesQuestion) {
    this.#waiting = [...this.#waiting, question];
    this.emit();
  }

  /** Null, for a question that is closed, changes nothing. */
  #once<Scope>(answer: (scope: Scope) => void, closed = () => {}) {
    return (scope: Scope | null) => {
      this.#waiting = this.#waiting.slice(1);
      this.emit();
      if (scope === null) closed();
      else answer(scope);
    };
  }
}

export const seriesQuestions = new SeriesQuestions();

/** Whether a task is an occurrence that another one will follow. */
export const recurs = (task: Task): boolean => task.recurrence !== null && !task.completed;

/** These belong to the whole series, or to one occurrence only. */
const unasked: readonly (keyof TaskPatch)[] = ["recurrence", "timezone", "position", "parent_id"];

/** Whether a patch may be meant for one occurrence or for all later ones too. */
export function needsScope(task: Task, patch: TaskPatch): boolean {
  if (!recurs(task) || "recurrence" in patch) return false;
  return (Object.keys(patch) as (keyof TaskPatch)[]).some((field) => !unasked.includes(field));
}
