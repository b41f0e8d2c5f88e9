import { Emitter } from "@/lib/store/emitter";
import { type Database, openDatabase } from "@/lib/store/database";
import { live } from "@/lib/live/live";
import { type Change, type Op, subjects } from "./outbox/op";
import { Outbox, type OutboxMessage } from "./outbox/outbox";
import { project } from "./outbox/project";
import { MemoryQueue, StoredQueue } from "./outbox/queue";
import { Replica } from "./replica/replica";
import { ReplicaStorage } from "./replica/storage";
import type { Task } from "./task";

/** The state for components; a new object after every change. */
export interface TaskSnapshot {
  tasks: ReadonlyMap<string, Task>;
  /** Whether there is anything to show yet. */
  loaded: boolean;
  /** The number of changes without a response. */
  waiting: number;
}

export interface TaskConflict {
  op: Op;
  theirs: Task;
}

/** The outcome of a change, for the component that shows it. */
export type TaskOutcome =
  | { kind: "settled"; op: Op; tasks: Task[]; nextOccurrenceAt?: string | null }
  | { kind: "refused"; op: Op; detail: string }
  | { kind: "conflict"; conflict: TaskConflict };

const empty: TaskSnapshot = { tasks: new Map(), loaded: false, waiting: 0 };

/** The user's tasks: the server's state, the user's changes since, and how the latter get to the server. */
class TaskStore extends Emitter {
  snapshot = empty;
  #ops: Op[] = [];
  #replica: Replica | null = null;
  #outbox: Outbox | null = null;
  #database: Database | null = null;
  #userId: string | null = null;
  #scheduled = false;
  /** Do not rerender before this time. */
  #rest = 0;
  #off: () => void = () => {};
  /** The keys of the ops of this tab. */
  #mine = new Set<string>();
  #outcomeListeners = new Set<(outcome: TaskOutcome) => void>();

  getSnapshot = () => this.snapshot;

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
    const outbox = new Outbox(
      userId,
      db ? new StoredQueue(db) : new MemoryQueue(),
      (message) => this.#onMessage(message),
      (id) => this.#replica?.tasks.get(id)?.version ?? null,
    );
    const replica = new Replica(userId, new ReplicaStorage(db), () => this.#schedule());
    this.#outbox = outbox;
    this.#replica = replica;
    this.#ops = await outbox.pending().catch(() => []);
    await replica.start();
    this.#off = live.subscribe(() => {
      if (live.status === "live") outbox.wake();
    });
    void outbox.drain();
  }

  stop() {
    this.#off();
    this.#replica?.stop();
    this.#outbox?.stop();
    this.#database?.close();
    this.#replica = this.#outbox = this.#database = this.#userId = null;
    this.#ops = [];
    this.snapshot = empty;
    this.emit();
  }

  /** Makes a change of the version that the user saw: visible at once, and sent as soon as possible. */
  change(change: Change, basedOn?: number): Op {
    const [subject] = subjects(change);
    const follows = this.#ops.some((op) => subjects(op.change).includes(subject ?? ""));
    const held = subject ? this.#replica?.tasks.get(subject) : undefined;
    const op: Op = {
      key: crypto.randomUUID(),
      at: Date.now(),
      change,
      version: change.kind === "patch" && !follows && held ? basedOn || held.version : null,
    };
    this.#ops = [...this.#ops, op];
    this.#mine.add(op.key);
    this.#publish();
    void this.#outbox?.add(op);
    return op;
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
    const op = this.#ops.find((o) => o.key === message.key);
    this.#ops = this.#ops.filter((o) => o.key !== message.key);
    if (message.kind === "settled") this.#replica?.accept(message.outcome.tasks, message.outcome.gone);
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
      this.#notify({ kind: "refused", op, detail: message.problem.detail });
    } else {
      this.#notify({ kind: "conflict", conflict: { op, theirs: message.theirs } });
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
    };
    this.emit();
  }
}

export const taskStore = new TaskStore();
