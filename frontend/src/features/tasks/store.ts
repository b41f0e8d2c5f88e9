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

/** What the components see; another object after every change. */
export interface TaskSnapshot {
  tasks: ReadonlyMap<string, Task>;
  /** Whether there is anything to show yet. */
  loaded: boolean;
  /** How many changes the server has not answered. */
  waiting: number;
}

export interface TaskConflict {
  op: Op;
  theirs: Task;
}

/** What became of a change, for those who tell the user. */
export type TaskNews =
  | { kind: "settled"; op: Op; tasks: Task[]; nextOccurrenceAt?: string | null }
  | { kind: "refused"; op: Op; detail: string }
  | { kind: "conflict"; conflict: TaskConflict };

const empty: TaskSnapshot = { tasks: new Map(), loaded: false, waiting: 0 };

/** The user's tasks: what the server told, what the user has changed since, and the way of the one to the other. */
class TaskStore extends Emitter {
  snapshot = empty;
  #ops: Op[] = [];
  #replica: Replica | null = null;
  #outbox: Outbox | null = null;
  #database: Database | null = null;
  #userId: string | null = null;
  #scheduled = false;
  /** Until when the page is left alone. */
  #rest = 0;
  #off: () => void = () => {};
  /** The keys of the ops that were made in this tab. */
  #mine = new Set<string>();
  #news = new Set<(news: TaskNews) => void>();

  getSnapshot = () => this.snapshot;

  onNews(listener: (news: TaskNews) => void): () => void {
    this.#news.add(listener);
    return () => this.#news.delete(listener);
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
      (message) => this.#hear(message),
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

  /** Makes a change, of the version that the user saw: seen at once, and sent as soon as that can be. */
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

  /** Takes tasks that were asked for beyond those that are kept. */
  learn(tasks: readonly Task[]) {
    this.#replica?.accept(tasks);
  }

  get(id: string): Task | undefined {
    return this.snapshot.tasks.get(id);
  }

  #hear(message: OutboxMessage) {
    if (message.kind === "added") {
      if (!this.#ops.some((op) => op.key === message.op.key)) this.#ops = [...this.#ops, message.op];
      return this.#publish();
    }
    const op = this.#ops.find((o) => o.key === message.key);
    this.#ops = this.#ops.filter((o) => o.key !== message.key);
    if (message.kind === "settled") this.#replica?.accept(message.outcome.tasks, message.outcome.gone);
    this.#publish();
    const mine = this.#mine.delete(message.key);
    // Good news are for the tab that asked; bad ones for whichever tab somebody looks at.
    if (!op || !(mine || (message.kind !== "settled" && document.visibilityState === "visible"))) return;
    if (message.kind === "settled") {
      const { tasks, nextOccurrenceAt } = message.outcome;
      this.#tell({
        kind: "settled",
        op,
        tasks,
        ...(nextOccurrenceAt === undefined ? {} : { nextOccurrenceAt }),
      });
    } else if (message.kind === "refused") {
      this.#tell({ kind: "refused", op, detail: message.problem.detail });
    } else {
      this.#tell({ kind: "conflict", conflict: { op, theirs: message.theirs } });
    }
  }

  #tell(news: TaskNews) {
    for (const listener of [...this.#news]) listener(news);
  }

  /**
   * Many events may come at once: they are shown together. While they keep coming, as when another device changes
   * thousands, showing them takes a third of the time and leaves the rest to whoever uses the page.
   */
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const show = () => {
      this.#scheduled = false;
      if (!this.#replica) return;
      const began = performance.now();
      this.#publish();
      // React draws before the next task.
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
      // The replica's own map changes in place; what is shown must not.
      tasks: projected === replica.tasks ? new Map(replica.tasks) : projected,
      loaded: replica.loaded,
      waiting: this.#ops.length,
    };
    this.emit();
  }
}

export const taskStore = new TaskStore();
