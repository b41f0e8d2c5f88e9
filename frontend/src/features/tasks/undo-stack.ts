import { Emitter } from "@/lib/store/emitter";
import type { CommentEffect } from "./comments/comment";
import { type Effect, effectsOf } from "./outbox/effects";
import type { Change, Op } from "./outbox/op";
import { draft } from "./outbox/project";
import type { ViewFields } from "./saved-views";
import type { Task } from "./task";

/** One request of an act, and what it did. */
export interface Step {
  /** The key of the op. */
  key: string;
  /** A task that it changed; empty for a change of a project or a tag. */
  id: string;
  trace: string;
  effects: Effect[];
  /** What it did to a comment on the task. */
  comment?: CommentEffect;
}

/** A saved view before and after a change; null where there is none. */
export interface ViewChange {
  id: string;
  before: ViewFields | null;
  after: ViewFields | null;
}

/** Something that the user did, which is undone as a whole. */
export interface Act {
  /** For the description: what the user did first, also after undo and redo. */
  changes: Change[];
  steps: Step[];
  /** The description of a change of something else than tasks, such as a project or a view. */
  what?: string;
  /** A change of a saved view. */
  view?: ViewChange;
}

export interface StoredActs {
  done: readonly Act[];
  undone: readonly Act[];
}

const most = 100;

/** What this tab can undo and redo, latest last. */
class UndoStack extends Emitter {
  /** Resolves when the acts from before a reload are here. */
  restored: Promise<void> = Promise.resolve();
  #done: Act[] = [];
  #undone: Act[] = [];
  #group: Act | null = null;
  /** How many acts were recorded so far. */
  recorded = 0;
  /** Which number each has; those from before a reload, and those that were redone, have none. */
  #numbers = new WeakMap<Act, number>();
  /** For an act with a request of its own, whether that succeeded. */
  #outcomes = new WeakMap<Act, Promise<boolean>>();

  /** Notes a change of the tasks that the user saw. */
  record(op: Op, seen: ReadonlyMap<string, Task>) {
    const { change } = op;
    const made = change.kind === "create" ? draft(change.id, change.task, op.at) : undefined;
    const step = stepOf(op, effectsOf(change, seen, made));
    if (!step) return;
    if (this.#group) {
      this.#group.changes.push(change);
      this.#group.steps.push(step);
    } else {
      this.#undone = [];
      this.#record({ changes: [change], steps: [step] });
    }
  }

  /** Runs several changes that are one act; null if nothing was changed. */
  together(run: () => void): Act | null {
    const act: Act = (this.#group = { changes: [], steps: [] });
    try {
      run();
    } finally {
      this.#group = null;
    }
    if (act.steps.length === 0) return null;
    this.#undone = [];
    this.#record(act);
    return act;
  }

  /**
   * Records a change of a project or a tag when its request, which has this trace, is sent: the stream may show the change
   * before the response arrives.
   */
  recordLabel(what: string, trace: string, request: Promise<unknown>): Act {
    const act = { changes: [], steps: [{ key: trace, id: "", trace, effects: [] }], what };
    this.#record(act);
    const outcome = request.then(
      () => {
        this.#undone = [];
        return true;
      },
      () => {
        this.forget(trace);
        return false;
      },
    );
    this.#outcomes.set(act, outcome);
    return act;
  }

  /** Resolves with whether the request of a recorded label change succeeded. Other acts have no request here: undefined. */
  outcomeOf = (act: Act): Promise<boolean> | undefined => this.#outcomes.get(act);

  /** Notes a change of a saved view. */
  recordView(what: string, view: ViewChange): Act {
    const step = { key: crypto.randomUUID(), id: "", trace: "", effects: [] };
    const act = { changes: [], steps: [step], what, view };
    this.#record(act);
    this.#undone = [];
    return act;
  }

  /** Whether an act can still be undone: it was neither undone nor refused. */
  canUndo = (act: Act): boolean => this.#done.includes(act);

  /** Takes the given act if it is still there, or else the one that was the last when so many were recorded. */
  takeDone = (act?: Act, recorded = this.recorded) =>
    this.#take(this.#done, act ?? this.#done.findLast((done) => (this.#numbers.get(done) ?? 0) <= recorded));
  /** Takes the last act that was undone, or the given one if it is still there. */
  takeUndone = (act?: Act) => this.#take(this.#undone, act ?? this.#undone.at(-1));
  putDone = (act: Act) => this.#push(this.#done, act);
  putUndone = (act: Act) => this.#push(this.#undone, act);

  /** What can be undone and redone. */
  acts = (): StoredActs => ({ done: this.#done, undone: this.#undone });

  /** Puts acts from before a reload below those since. What was done since ends what could be redone. */
  restore({ done, undone }: StoredActs) {
    if (this.#done.length === 0 && this.#undone.length === 0) this.#undone = [...undone];
    this.#done = [...done, ...this.#done].slice(-most);
  }

  /** A change that failed cannot be undone. */
  forget(key: string) {
    for (const acts of [this.#done, this.#undone]) {
      const at = acts.findIndex(({ steps }) => steps.some((step) => step.key === key));
      const act = acts[at];
      if (!act) continue;
      // The same object: the toast that offers to undo it has it.
      act.steps = act.steps.filter((step) => step.key !== key);
      if (act.steps.length === 0) acts.splice(at, 1);
    }
    this.emit();
  }

  clear() {
    this.#done = [];
    this.#undone = [];
  }

  #record(act: Act) {
    this.recorded++;
    this.#numbers.set(act, this.recorded);
    this.#push(this.#done, act);
  }

  #push(acts: Act[], act: Act) {
    acts.push(act);
    if (acts.length > most) acts.shift();
    this.emit();
  }

  #take(acts: Act[], act: Act | undefined): Act | undefined {
    const at = act ? acts.indexOf(act) : -1;
    const [taken] = at < 0 ? [] : acts.splice(at, 1);
    if (taken) this.emit();
    return taken;
  }
}

/** The id of the toast that says what was undone or redone: there is one at a time. */
export const undoToast = "undo";

/** The id of the toast that offers to undo an act. */
export const toastOf = ({ steps: [first] }: Act): string => `act-${first?.key}`;

export const undoStack = new UndoStack();

export function stepOf({ key, trace, change }: Op, effects: Effect[]): Step | null {
  const [first] = effects;
  if (change.kind === "comment" && trace) return { key, id: change.id, trace, effects, comment: change };
  if (change.kind === "undo" && change.comment && trace)
    return { key, id: change.id, trace, effects, comment: change.comment };
  if (change.kind === "undo" && !change.id && trace) return { key, id: "", trace, effects };
  return first && trace ? { key, id: change.kind === "batch" ? first.id : change.id, trace, effects } : null;
}
