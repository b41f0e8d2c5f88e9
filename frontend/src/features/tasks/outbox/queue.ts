import type { Database } from "@/lib/store/database";
import { type Op, renamed } from "./op";

/** The user's changes in their order, shared by all tabs. */
export interface Queue {
  all(): Promise<Op[]>;
  first(): Promise<Op | undefined>;
  add(op: Op): Promise<Op>;
  /** Takes an op out; what follows it in the queue names a task by its new id from then on. */
  remove(op: Op, rename?: { from: string; to: string }): Promise<void>;
}

/** The queue in the browser's database: a reload, a crash or a day offline loses nothing. */
export class StoredQueue implements Queue {
  constructor(private readonly db: Database) {}

  all = () => this.db.getAll("outbox");

  async first() {
    const cursor = await this.db.transaction("outbox").store.openCursor();
    return cursor?.value;
  }

  async add(op: Op) {
    const order = await this.db.add("outbox", op);
    return { ...op, order };
  }

  async remove(op: Op, rename?: { from: string; to: string }) {
    const tx = this.db.transaction("outbox", "readwrite");
    if (op.order !== undefined) void tx.store.delete(op.order);
    if (rename) {
      for (const later of await tx.store.getAll()) {
        void tx.store.put({ ...later, change: renamed(later.change, rename.from, rename.to) });
      }
    }
    await tx.done;
  }
}

/** The queue of a browser that keeps nothing: as good as the tab that it is in. */
export class MemoryQueue implements Queue {
  #ops: Op[] = [];
  #last = 0;

  all = async () => [...this.#ops];
  first = async () => this.#ops[0];

  async add(op: Op) {
    const added = { ...op, order: ++this.#last };
    this.#ops.push(added);
    return added;
  }

  async remove(op: Op, rename?: { from: string; to: string }) {
    this.#ops = this.#ops.filter((o) => o.order !== op.order);
    if (!rename) return;
    this.#ops = this.#ops.map((o) => ({ ...o, change: renamed(o.change, rename.from, rename.to) }));
  }
}
