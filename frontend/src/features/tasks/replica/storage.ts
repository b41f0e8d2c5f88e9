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
  /** Whether a write has failed: what is queued later must not be stored as if it were all. */
  #failed = false;

  constructor(private readonly db: Database | null) {}

  get available(): boolean {
    return this.db !== null;
  }

  /** Whether a write has failed since everything was rewritten. */
  get failed(): boolean {
    return this.#failed;
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

  /** Writes the queued changes, and the position after them. */
  flush(position = this.#position): Promise<void> {
    const changed = this.#changed;
    this.#empty();
    return position === null ? this.#writing : this.#write([...changed], position, false);
  }

  /** Rewrites everything. */
  replace(tasks: Iterable<Task>, position: string): Promise<void> {
    this.#empty();
    return this.#write(
      Array.from(tasks, (task) => [task.id, task]),
      position,
      true,
    );
  }

  /** Empties the queue. */
  #empty() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed = new Map();
    this.#position = null;
  }

  /**
   * Writes tasks and the position after them. If the browser cannot, for example for lack of space, what is stored stays as it was until
   * everything can be rewritten: the next start only loads more.
   */
  #write(tasks: [id: string, Task | null][], position: string, everything: boolean): Promise<void> {
    const { db } = this;
    if (!db) return Promise.resolve();
    const write = async () => {
      if (this.#failed && !everything) return true;
      const tx = db.transaction(["tasks", "meta"], "readwrite");
      tx.done.catch(() => {}); // a request that failed has thrown the same error
      if (!(await isOpen(tx))) return true;
      const store = tx.objectStore("tasks");
      try {
        if (everything) await store.clear();
        await inChunks(tasks, ([id, task]) => (task ? store.put(task) : store.delete(id)));
        await tx.objectStore("meta").put(position, "position");
      } catch (error) {
        tx.abort();
        throw error;
      }
      await tx.done;
      return false;
    };
    const end = (failed: boolean) => void (this.#failed = failed);
    this.#writing = this.#writing.then(write).then(end, () => end(true));
    return this.#writing;
  }
}

/** Writes in chunks; a transaction stays open while one of its requests is pending. */
async function inChunks<T>(all: readonly T[], write: (one: T) => Promise<unknown>) {
  for (let i = 0; i < all.length; i += chunk) await Promise.all(all.slice(i, i + chunk).map(write));
}
