import { type Database, isOpen } from "@/lib/store/database";
import type { Task } from "../task";

/** What was kept: the tasks as of a position of the stream. */
export interface Kept {
  tasks: Task[];
  position: string;
}

/** How many tasks are read or written in one go: what comes in between, such as a frame, does not wait for all of them. */
const chunk = 500;

/** Keeps the replica in the browser's database. Only the tab that holds the stream writes. */
export class ReplicaStorage {
  #changed = new Map<string, Task | null>();
  #position: string | null = null;
  #writing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly db: Database | null) {}

  get available(): boolean {
    return this.db !== null;
  }

  /** What was kept, if it was whole. */
  async read(): Promise<Kept | null> {
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

  /** Notes a change; it is written soon, together with the position after it. */
  note(id: string, task: Task | null, position: string) {
    this.#changed.set(id, task);
    this.#position = position;
    this.#timer ??= setTimeout(() => void this.flush(), 300);
  }

  /** Writes what was noted. */
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

  /** Writes everything anew. */
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
    // A browser that cannot write, for want of space, loads more at the next start. That is all.
    this.#writing = this.#writing.then(work).catch(() => {});
    return this.#writing;
  }
}

/** Writes one part after the other; a transaction lives for as long as something of it is under way. */
async function inChunks<T>(all: readonly T[], write: (one: T) => Promise<unknown>) {
  for (let i = 0; i < all.length; i += chunk) await Promise.all(all.slice(i, i + chunk).map(write));
}
