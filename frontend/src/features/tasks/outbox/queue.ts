import { askBeforeLeaving } from "@/lib/ask-before-leaving";
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

/** The queue for a browser without storage: it lives as long as its tab, which asks before it is closed. */
export class MemoryQueue implements Queue {
  #ops: Op[] = [];
  #unsaved: Unsaved[] = [];
  #mayLeave = () => {};

  all = async () => [...this.#ops];
  first = async () => this.#ops[0];

  async add(op: Op) {
    this.#set([...this.#ops, op]);
    return op;
  }

  async remove(op: Op) {
    this.#set(this.#ops.filter(({ key }) => key !== op.key));
  }

  unsaved = async () => [...this.#unsaved];

  async refuse(unsaved: Unsaved) {
    await this.remove(unsaved.op);
    this.#unsaved.push(unsaved);
  }

  async discard(key: string) {
    this.#unsaved = this.#unsaved.filter(({ op }) => op.key !== key);
  }

  #set(ops: Op[]) {
    this.#ops = ops;
    this.#mayLeave();
    this.#mayLeave = ops.length > 0 ? askBeforeLeaving() : () => {};
  }
}

/**
 * The queue in IndexedDB: it survives a reload, a crash or a day offline. What the browser does not store, because it has no space
 * left or has closed the database for a newer version, is kept in memory.
 */
export class StoredQueue implements Queue {
  #unstored = new MemoryQueue();

  constructor(private readonly db: Database) {}

  async all() {
    return [...(await this.#stored<Op>("outbox")), ...(await this.#unstored.all())];
  }

  async first() {
    const unstored = await this.#unstored.first();
    try {
      const cursor = await this.db.transaction("outbox").store.openCursor();
      return (cursor?.value as Op | undefined) ?? unstored;
    } catch (error) {
      if (!unstored) throw error;
      return unstored;
    }
  }

  async add(op: Op) {
    // After an op that could not be stored, later ones stay in memory too, which keeps their order.
    if (!(await this.#unstored.first())) {
      try {
        const order = await this.db.add("outbox", op);
        return { ...op, order };
      } catch {
        // It is kept in memory.
      }
    }
    return this.#unstored.add(op);
  }

  async remove(op: Op) {
    if (op.order === undefined) await this.#unstored.remove(op);
    else await this.db.delete("outbox", op.order);
  }

  async unsaved() {
    return [...(await this.#stored<Unsaved>("unsaved")), ...(await this.#unstored.unsaved())];
  }

  async refuse(unsaved: Unsaved) {
    const { key, order } = unsaved.op;
    try {
      const tx = this.db.transaction(["outbox", "unsaved"], "readwrite");
      if (order !== undefined) void tx.objectStore("outbox").delete(order);
      void tx.objectStore("unsaved").put(unsaved, key);
      await tx.done;
      await this.#unstored.remove(unsaved.op);
    } catch (error) {
      if (order !== undefined) throw error;
      await this.#unstored.refuse(unsaved);
    }
  }

  async discard(key: string) {
    const unstored = (await this.#unstored.unsaved()).some(({ op }) => op.key === key);
    await (unstored ? this.#unstored.discard(key) : this.db.delete("unsaved", key));
  }

  /** Nothing if the database is closed. */
  async #stored<One>(name: "outbox" | "unsaved"): Promise<One[]> {
    return (await this.db.getAll(name).catch(() => [])) as One[];
  }
}
