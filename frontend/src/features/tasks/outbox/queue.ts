import type { Database } from "@/lib/store/database";
import type { Op } from "./op";

/** The user's changes in order, shared by all tabs. */
export interface Queue {
  all(): Promise<Op[]>;
  first(): Promise<Op | undefined>;
  add(op: Op): Promise<Op>;
  remove(op: Op): Promise<void>;
}

/** The queue in IndexedDB: it survives a reload, a crash or a day offline. */
export class StoredQueue implements Queue {
  constructor(private readonly db: Database) {}

  all = async () => (await this.db.getAll("outbox")) as Op[];

  async first() {
    const cursor = await this.db.transaction("outbox").store.openCursor();
    return cursor?.value as Op | undefined;
  }

  async add(op: Op) {
    const order = await this.db.add("outbox", op);
    return { ...op, order };
  }

  async remove(op: Op) {
    if (op.order !== undefined) await this.db.delete("outbox", op.order);
  }
}

/** The queue for a browser without storage: it lives as long as its tab. */
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

  async remove(op: Op) {
    this.#ops = this.#ops.filter((o) => o.order !== op.order);
  }
}
