import { Emitter } from "@/lib/store/emitter";
import { type Database, openDatabase } from "@/lib/store/database";
import { newTraceparent } from "@/lib/api/trace";
import { lazyModule } from "@/lib/lazy-part";
import { live } from "@/lib/live/live";
import { type Change, holdsText, type Op, subjects, type Unsaved } from "./outbox/op";
import { Outbox, type OutboxMessage } from "./outbox/outbox";
import { project } from "./outbox/project";
import { MemoryQueue, StoredQueue } from "./outbox/queue";
import { Replica } from "./replica/replica";
import { ReplicaStorage } from "./replica/storage";
import type { Task } from "./task";
import { undoStack } from "./undo-stack";

const background = lazyModule(() => import("./background"));

/** The state for components; a new object after every change. */
export interface TaskSnapshot {
  tasks: ReadonlyMap<string, Task>;
  /** Whether there is anything to show yet. */
  loaded: boolean;
  /** The number of changes without a response. */
  waiting: number;
  /** The changes that the server refused, oldest first. */
  unsaved: readonly Unsaved[];
  /** The changes without a response, oldest first. */
  ops: readonly Op[];
}

export interface TaskConflict {
  op: Op;
  theirs: Task;
}

/** An undo that the server did not make, because these fields have changed since. */
export interface UndoConflict {
  op: Op;
  fields: string[];
}

/** The outcome of a change, for the component that shows it. */
export type TaskOutcome =
  | { kind: "settled"; op: Op; tasks: Task[]; nextOccurrenceAt?: string | null }
  | { kind: "refused"; unsaved: Unsaved }
  | { kind: "conflict"; conflict: TaskConflict }
  | { kind: "undo-conflict"; conflict: UndoConflict };

const loadUndoStorage = lazyModule(() => import("./undo-storage"));

const empty: TaskSnapshot = { tasks: new Map(), loaded: false, waiting: 0, unsaved: [], ops: [] };

interface HowChanged {
  /** The task that the user saw, if not the latest. */
  basedOn?: Task;
  recorded?: boolean;
}

/** The user's tasks: the server's state, the user's changes since, and how the latter get to the server. */
class TaskStore extends Emitter {
  snapshot = empty;
  #ops: Op[] = [];
  #unsaved: readonly Unsaved[] = [];
  #replica: Replica | null = null;
  #outbox: Outbox | null = null;
  /** What is to be done with the outbox once it is open. */
  #early: ((outbox: Outbox) => void)[] = [];
  #database: Database | null = null;
  #userId: string | null = null;
  #scheduled = false;
  /** Do not rerender before this time. */
  #rest = 0;
  #off: () => void = () => {};
  #offUndo: () => void = () => {};
  /** The keys of the ops of this tab. */
  #mine = new Set<string>();
  #outcomeListeners = new Set<(outcome: TaskOutcome) => void>();

  getSnapshot = () => this.snapshot;
  getReloads = () => this.#replica?.reloads ?? 0;

  onOutcome(listener: (outcome: TaskOutcome) => void): () => void {
    this.#outcomeListeners.add(listener);
    return () => this.#outcomeListeners.delete(listener);
  }

  async start(userId: string) {
    if (this.#userId === userId) return;
    this.stop();
    this.#userId = userId;
    const db = await openDatabase(userId);
    if (this.#userId !== userId) return db?.close();
    this.#database = db;
    // What other tabs say while the queue is read is about ops that may have been read already.
    let heard: OutboxMessage[] | null = [];
    const outbox = new Outbox(
      userId,
      db ? new StoredQueue(db) : new MemoryQueue(),
      (message) => (heard ? void heard.push(message) : this.#onMessage(message)),
      (id) => this.#replica?.tasks.get(id)?.version ?? null,
    );
    const replica = new Replica(userId, new ReplicaStorage(db), () => this.#schedule());
    this.#replica = replica;
    const [pending, unsaved] = await Promise.all([
      outbox.pending().catch(() => []),
      outbox.unsaved().catch(() => []),
    ]);
    if (this.#userId !== userId) return outbox.stop();
    this.#ops = [...pending, ...this.#ops];
    this.#unsaved = unsaved;
    this.#outbox = outbox;
    const missed = heard;
    heard = null;
    for (const message of missed) this.#onMessage(message);
    for (const run of this.#early.splice(0)) run(outbox);
    this.#publish();
    if (db) {
      const keep = ({ keepUndo }: Awaited<ReturnType<typeof loadUndoStorage>>) => {
        if (this.#database !== db) return;
        const { restored, end } = keepUndo(db);
        this.#offUndo = end;
        return restored;
      };
      // Offline before it is cached, undo ends with the page.
      undoStack.restored = loadUndoStorage().then(keep, () => {});
    }
    await replica.start();
    const offLive = live.subscribe(() => {
      if (live.status === "live") outbox.wake();
    });
    let offBackground: (() => void) | null = null;
    this.#off = () => {
      offLive();
      offBackground?.();
    };
    void background().then(({ keepInBackground }) => {
      if (this.#database === db && this.#userId === userId) offBackground = keepInBackground(db);
    });
    void outbox.drain();
  }

  stop() {
    this.#off();
    this.#offUndo();
    this.#replica?.stop();
    this.#outbox?.stop();
    this.#database?.close();
    this.#replica = this.#outbox = this.#database = this.#userId = null;
    this.#ops = [];
    this.#early = [];
    this.#unsaved = [];
    undoStack.clear();
    this.snapshot = empty;
    this.emit();
  }

  /**
   * Makes a change: visible at once, and sent as soon as possible. It is based on the version that the user saw, which is
   * the latest unless another is given. Unless it is itself an undo, it is recorded to be undone.
   */
  change(change: Change, how: HowChanged = {}): Op {
    const [op] = this.changeAll([change], how);
    return op!;
  }

  /** Makes changes of different tasks, which become visible together. */
  changeAll(changes: readonly Change[], { basedOn, recorded = true }: HowChanged = {}): Op[] {
    const ops = changes.map((change): Op => {
      const [subject] = subjects(change);
      const title = (basedOn ?? this.get(subject ?? ""))?.title;
      return {
        key: crypto.randomUUID(),
        at: Date.now(),
        trace: newTraceparent(),
        change,
        version: change.kind === "patch" ? this.#versionFor(change.id, basedOn) : null,
        ...(title ? { title } : {}),
      };
    });
    if (recorded) for (const op of ops) undoStack.record(op, this.snapshot.tasks);
    this.#ops = [...this.#ops, ...ops];
    for (const { key } of ops) this.#mine.add(key);
    this.#publish();
    for (const op of ops) this.#withOutbox((outbox) => void outbox.add(op));
    return ops;
  }

  /** The version that a patch is based on; null if it follows another change that waits. */
  #versionFor(id: string, basedOn: Task | undefined): number | null {
    const follows = this.#ops.some(
      ({ change }) => change.kind !== "comment" && subjects(change).includes(id),
    );
    const held = this.#replica?.tasks.get(id);
    return !follows && held ? basedOn?.version || held.version : null;
  }

  /** Keeps a change that cannot be saved as it is, such as a text that is too long. */
  keep(change: Change, reason: string) {
    const op: Op = { key: crypto.randomUUID(), at: Date.now(), change, version: null };
    const [id] = subjects(change);
    this.#mine.add(op.key);
    const title = this.get(id ?? "")?.title ?? null;
    this.#withOutbox((outbox) => void outbox.refuse({ op, status: 422, reason, title }));
  }

  /** The database may still be opened when the user makes the first change. */
  #withOutbox(run: (outbox: Outbox) => void) {
    if (this.#outbox) run(this.#outbox);
    else this.#early.push(run);
  }

  /** Forgets a change that was refused or in conflict. */
  discard({ op }: Pick<Unsaved, "op">) {
    void this.#outbox?.discard(op.key);
  }

  /** Adds tasks that were fetched beyond the stored ones. */
  learn(tasks: readonly Task[]) {
    this.#replica?.accept(tasks);
  }

  get(id: string): Task | undefined {
    return this.snapshot.tasks.get(id);
  }

  #onMessage(message: OutboxMessage) {
    if (message.kind === "added") {
      if (!this.#ops.some((op) => op.key === message.op.key)) this.#ops = [...this.#ops, message.op];
      return this.#publish();
    }
    if (message.kind === "discarded") {
      this.#unsaved = this.#unsaved.filter(({ op }) => op.key !== message.key);
      return this.#publish();
    }
    const unsaved = message.kind === "refused" || message.kind === "conflict" ? message.unsaved : null;
    if (unsaved && holdsText(unsaved.op.change)) {
      const others = this.#unsaved.filter(({ op }) => op.key !== message.key);
      this.#unsaved = [...others, unsaved];
    }
    const op = unsaved?.op ?? this.#ops.find((o) => o.key === message.key);
    this.#ops = this.#ops.filter((o) => o.key !== message.key);
    if (message.kind === "settled") this.#replica?.accept(message.outcome.tasks, message.outcome.gone);
    else undoStack.forget(message.key);
    this.#publish();
    const mine = this.#mine.delete(message.key);
    // Successes are shown in the tab that made the change; failures in the visible tab.
    if (!op || !(mine || (message.kind !== "settled" && document.visibilityState === "visible"))) return;
    if (message.kind === "settled") {
      const { tasks, nextOccurrenceAt } = message.outcome;
      this.#notify({
        kind: "settled",
        op,
        tasks,
        ...(nextOccurrenceAt === undefined ? {} : { nextOccurrenceAt }),
      });
    } else if (message.kind === "refused") {
      this.#notify({ kind: "refused", unsaved: message.unsaved });
    } else if (message.kind === "conflict") {
      this.#notify({ kind: "conflict", conflict: { op, theirs: message.theirs } });
    } else {
      this.#notify({ kind: "undo-conflict", conflict: { op, fields: message.fields } });
    }
  }

  #notify(outcome: TaskOutcome) {
    for (const listener of [...this.#outcomeListeners]) listener(outcome);
  }

  /**
   * Batches many events into one update. While events keep arriving, as when another device changes thousands of tasks,
   * rendering takes at most a third of the time, and the page stays responsive.
   */
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const show = () => {
      this.#scheduled = false;
      if (!this.#replica) return;
      const began = performance.now();
      this.#publish();
      // React renders before the next task.
      setTimeout(() => (this.#rest = 3 * performance.now() - 2 * began));
    };
    const wait = this.#rest - performance.now();
    if (wait > 0) setTimeout(show, wait);
    else queueMicrotask(show);
  }

  #publish() {
    const replica = this.#replica;
    if (!replica) return;
    const projected = project(replica.tasks, this.#ops);
    this.snapshot = {
      // The replica's map is mutable; the snapshot must not be.
      tasks: projected === replica.tasks ? new Map(replica.tasks) : projected,
      loaded: replica.loaded,
      waiting: this.#ops.length,
      unsaved: this.#unsaved,
      ops: this.#ops,
    };
    this.emit();
  }
}

export const taskStore = new TaskStore();
