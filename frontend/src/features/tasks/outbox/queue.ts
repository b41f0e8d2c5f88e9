import type { Database } from "@/lib/store/database";
import type { Op, Unsaved } from "./op";

/** The user's changes in order, shared by all tabs. */
export interface Queue {
  all(): Promise<Op[]>;
  first(): Promise<Op | undefined>;
  add(op: Op): Promise<Op>;
  remove(op: Op): Promise<void>;
  /** The changes that were refused. */
  unsaved(): Promise<Unsaved[]>;
  /** Moves an op from the queue to the refused ones. */
  refuse(unsaved: Unsaved): Promise<void>;
  discard(key: string): Promise<void>;
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

  unsaved = async () => (await this.db.getAll("unsaved")) as Unsaved[];

  async refuse(unsaved: Unsaved) {
    const { key, order } = unsaved.op;
    const tx = this.db.transaction(["outbox", "unsaved"], "readwrite");
    if (order !== undefined) void tx.objectStore("outbox").delete(order);
    void tx.objectStore("unsaved").put(unsaved, key);
    await tx.done;
  }

  discard = (key: string) => this.db.delete("unsaved", key);
}

/** The queue for a browser without storage: it lives as long as its tab. */
export class MemoryQueue implements Queue {
  #ops: Op[] = [];
  #unsaved: Unsaved[] = [];
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

  unsaved = async () => [...this.#unsaved];

  async refuse(unsaved: Unsaved) {
    await this.remove(unsaved.op);
    this.#unsaved.push(unsaved);
  }

  async discard(key: string) {
    this.#unsaved = this.#unsaved.filter(({ op }) => op.key !== key);
  }
}
