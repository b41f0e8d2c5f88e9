import { briefly, Problem, Unreachable } from "@/lib/api/problem";
import type { Task } from "../task";
import { ChangedSince, Conflict, deliver, type Outcome } from "./deliver";
import { holdsText, type Op, type Unsaved } from "./op";
import type { Queue } from "./queue";

/** A message about an op, which is also sent to the other tabs. */
export type OutboxMessage =
  | { kind: "added"; op: Op }
  | { kind: "settled"; key: string; outcome: Outcome }
  | { kind: "refused"; key: string; unsaved: Unsaved }
  /** The user has decided what becomes of a refused change. */
  | { kind: "discarded"; key: string }
  /** The same fields were changed elsewhere. The change is kept until the user decides which version stays. */
  | { kind: "conflict"; key: string; unsaved: Unsaved; theirs: Task }
  /** What is to be undone has changed since, in these fields. */
  | { kind: "changed-since"; key: string; fields: string[] };

const firstWait = 500;
const longestWait = 15_000;
/** A change that has waited for this long, in milliseconds, may have to wait for days. */
const longWait = 60_000;

/**
 * Sends the user's changes one after the other, in order, whichever tab made them. Changes that cannot be sent are sent
 * when the network, the server or the session is back.
 */
export class Outbox {
  #wait = firstWait;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #draining: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #askedToPersist = false;
  /** The versions that resulted from this tab's ops, for the ops that follow them. */
  #versions = new Map<string, number>();
  #channel: BroadcastChannel;

  constructor(
    private readonly userId: string,
    private readonly queue: Queue,
    private readonly notify: (message: OutboxMessage) => void,
    /** The latest version of a task from the server. */
    private readonly versionOf: (id: string) => number | null,
  ) {
    this.#channel = new BroadcastChannel(`taskwire.outbox.${userId}`);
    this.#channel.onmessage = ({ data }: MessageEvent<OutboxMessage>) => {
      this.notify(data);
      // The tab that made the change may be closed before it has sent it.
      if (data.kind === "added") void this.drain();
    };
    window.addEventListener("online", this.wake);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.wake);
    this.#channel.close();
  }

  /** The queued ops, oldest first. */
  pending = () => this.queue.all();

  /** The changes that were refused. */
  unsaved = () => this.queue.unsaved();

  /** Takes an op out of the queue for good. What the user typed is kept. */
  async refuse(unsaved: Unsaved): Promise<void> {
    const { op } = unsaved;
    await (holdsText(op.change) ? this.queue.refuse(unsaved) : this.queue.remove(op));
    this.#say({ kind: "refused", key: op.key, unsaved });
  }

  async discard(key: string): Promise<void> {
    await this.queue.discard(key);
    this.#say({ kind: "discarded", key });
  }

  async add(op: Op): Promise<void> {
    const added = await this.queue.add(op);
    this.#channel.postMessage({ kind: "added", op: added } satisfies OutboxMessage);
    void this.drain();
  }

  /** Retries at once, because it may work now. */
  wake = () => {
    this.#wait = firstWait;
    void this.drain();
  };

  /** Sends all queued ops; one tab at a time. */
  drain(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#draining) {
      this.#again = true;
      return this.#draining;
    }
    return (this.#draining = this.#drain());
  }

  async #drain(): Promise<void> {
    try {
      await navigator.locks.request(`taskwire.outbox.${this.userId}`, () => this.#sendAll());
    } catch {
      this.#later();
    }
    this.#draining = null;
    if (!this.#again) return;
    this.#again = false;
    void this.drain();
  }

  async #sendAll(): Promise<void> {
    while (!this.#stopped) {
      const op = await this.queue.first();
      if (!op) return;
      if (!(await this.#send(op))) {
        this.#persist(op);
        return this.#later();
      }
      this.#wait = firstWait;
    }
  }

  /** Sends one op; false if it has to be retried later. */
  async #send(op: Op): Promise<boolean> {
    try {
      const outcome = await deliver(op, this.#expected(op));
      for (const task of outcome.tasks) this.#versions.set(task.id, task.version);
      await this.queue.remove(op);
      this.#say({ kind: "settled", key: op.key, outcome });
      return true;
    } catch (error) {
      if (error instanceof Conflict) {
        const unsaved = { op, status: 412, reason: error.message, title: op.title ?? null };
        await this.queue.refuse(unsaved);
        this.#say({ kind: "conflict", key: op.key, unsaved, theirs: error.theirs });
        return true;
      }
      if (error instanceof ChangedSince) {
        await this.queue.remove(op);
        this.#say({ kind: "changed-since", key: op.key, fields: error.fields });
        return true;
      }
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      if (error instanceof Unreachable || error.passing || error.status === 401) {
        if (error instanceof Problem && error.retryAfter) this.#wait = error.retryAfter * 1000;
        return false;
      }
      const reason = briefly(error);
      await this.refuse({ op, status: error.status, reason, title: op.title ?? null });
      return true;
    }
  }

  #expected(op: Op): number | null {
    if (op.change.kind !== "patch") return null;
    if (op.version !== null) return op.version;
    return this.#versions.get(op.change.id) ?? this.versionOf(op.change.id);
  }

  #say(message: OutboxMessage) {
    this.notify(message);
    if (!this.#stopped) this.#channel.postMessage(message);
  }

  /**
   * Asks the browser not to clear its storage when space is short. Firefox asks the user, which would only disturb while changes
   * arrive.
   */
  #persist({ at, order }: Op) {
    if (this.#askedToPersist || order === undefined || Date.now() - at < longWait) return;
    this.#askedToPersist = true;
    // Only secure origins have it.
    navigator.storage?.persist?.().catch(() => {});
  }

  #later() {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.drain(), this.#wait * (0.8 + Math.random() * 0.4));
    this.#wait = Math.min(this.#wait * 2, longestWait);
  }
}
