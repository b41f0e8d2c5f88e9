import { type Database, isOpen } from "@/lib/store/database";
import type { Task } from "../task";

/** The stored tasks at a position of the stream. */
export interface StoredTasks {
  tasks: Task[];
  position: string;
}

/** The number of tasks per read or write, so that frames in between are not delayed. */
const chunk = 500;

/** Stores the replica in IndexedDB. Only the tab that holds the stream writes. */
export class ReplicaStorage {
  #changed = new Map<string, Task | null>();
  #position: string | null = null;
  #writing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly db: Database | null) {}

  get available(): boolean {
    return this.db !== null;
  }

  /** The stored tasks, if they were complete. */
  async read(): Promise<StoredTasks | null> {
    if (!this.db) return null;
    const tx = this.db.transaction(["tasks", "meta"]);
    const position = await tx.objectStore("meta").get("position");
    if (typeof position !== "string") return null;
    const tasks: Task[] = [];
    for (
      let part: Task[], after: IDBKeyRange | null = null;
      ;
      after = IDBKeyRange.lowerBound(tasks.at(-1)?.id, true)
    ) {
      part = await tx.objectStore("tasks").getAll(after, chunk);
      tasks.push(...part);
      if (part.length < chunk) return { position, tasks };
    }
  }

  /** Queues a change; it is written soon, together with the position after it. */
  note(id: string, task: Task | null, position: string) {
    this.#changed.set(id, task);
    this.#position = position;
    this.#timer ??= setTimeout(() => void this.flush(), 300);
  }

  /** Writes the queued changes. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [changed, position] = [this.#changed, this.#position];
    if (position === null || !this.db) return this.#writing;
    this.#changed = new Map();
    this.#position = null;
    const db = this.db;
    return this.#enqueue(async () => {
      const tx = db.transaction(["tasks", "meta"], "readwrite");
      if (!(await isOpen(tx))) return;
      const store = tx.objectStore("tasks");
      await inChunks([...changed], ([id, task]) => (task ? store.put(task) : store.delete(id)));
      void tx.objectStore("meta").put(position, "position");
      await tx.done;
    });
  }

  /** Rewrites everything. */
  replace(tasks: Iterable<Task>, position: string): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed = new Map();
    this.#position = null;
    const db = this.db;
    if (!db) return Promise.resolve();
    const all = [...tasks];
    return this.#enqueue(async () => {
      const tx = db.transaction(["tasks", "meta"], "readwrite");
      if (!(await isOpen(tx))) return;
      const store = tx.objectStore("tasks");
      void store.clear();
      await inChunks(all, (task) => store.put(task));
      void tx.objectStore("meta").put(position, "position");
      await tx.done;
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    // If the browser cannot write, for example for lack of space, the next start only loads more.
    this.#writing = this.#writing.then(work).catch(() => {});
    return this.#writing;
  }
}

/** Writes in chunks; a transaction stays open while one of its requests is pending. */
async function inChunks<T>(all: readonly T[], write: (one: T) => Promise<unknown>) {
  for (let i = 0; i < all.length; i += chunk) await Promise.all(all.slice(i, i + chunk).map(write));
}
