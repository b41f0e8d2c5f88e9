import { Emitter } from "@/lib/store/emitter";
import { type LiveStatus, keepConnected } from "./connection";
import type { LiveEvent, LiveEventName, LiveEvents } from "./events";

type Message =
  | { kind: "event"; event: LiveEvent }
  | { kind: "status"; status: LiveStatus }
  /** A tab has come and wants to know where the others are. */
  | { kind: "join" }
  /** What is kept in the browser's database is as of this position now. */
  | { kind: "kept"; position: string | null; status: LiveStatus };

export type LiveHandler<N extends LiveEventName> = (data: LiveEvents[N], id: string) => void;

/** What the owner of the data does for the tabs that come. */
export interface LiveOwner {
  /** Writes what is not written yet; gives the position as of which all is written. */
  keep(): Promise<string | null>;
  /** Reads what another tab has written, unless this tab is there already. */
  reread(position: string | null): void;
  /** This tab has the stream from now on. */
  lead(): void;
}

/**
 * One stream for the whole browser. The tab that gets the lock holds it and tells the others; when that tab is closed
 * the next one gets the lock and goes on from the same position.
 */
export class Live extends Emitter {
  status: LiveStatus = "connecting";
  /** The id of the last event that this tab has seen. */
  position: string | null = null;
  leading = false;

  #handlers = new Map<LiveEventName, Set<(data: never, id: string) => void>>();
  #channel: BroadcastChannel | null = null;
  #stop: AbortController | null = null;
  #owner: LiveOwner | null = null;

  getStatus = () => this.status;

  /** Calls the handler for every event of that name, in every tab, until the returned function is called. */
  on<N extends LiveEventName>(name: N, handler: LiveHandler<N>): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers);
    handlers.add(handler as (data: never, id: string) => void);
    return () => handlers.delete(handler as (data: never, id: string) => void);
  }

  start(userId: string, position: string | null, owner: LiveOwner) {
    this.stop();
    const stop = new AbortController();
    const channel = new BroadcastChannel(`taskwire.live.${userId}`);
    this.#stop = stop;
    this.#channel = channel;
    this.#owner = owner;
    this.position = position;
    channel.onmessage = ({ data }: MessageEvent<Message>) => void this.#hear(data);
    channel.postMessage({ kind: "join" } satisfies Message);
    navigator.locks
      .request(`taskwire.live.${userId}`, { signal: stop.signal }, async () => {
        this.leading = true;
        owner.lead();
        await keepConnected(stop.signal, {
          event: (event) => this.#tell(event),
          status: (status) => this.#become(status),
          position: () => this.position,
        });
      })
      .catch(() => {}) // aborted while it was waiting
      .finally(() => (this.leading = this.#stop === stop ? false : this.leading));
  }

  stop() {
    this.#stop?.abort();
    this.#channel?.close();
    this.#stop = this.#channel = this.#owner = null;
    this.leading = false;
    this.position = null;
    this.#set("connecting");
  }

  /** Tells the other tabs that all was loaded and written anew. */
  kept(position: string | null) {
    this.#channel?.postMessage({ kind: "kept", position, status: this.status } satisfies Message);
  }

  async #hear(message: Message) {
    switch (message.kind) {
      case "event":
        this.#deliver(message.event);
        break;
      case "status":
        this.#set(message.status);
        break;
      case "join": {
        const owner = this.#owner;
        if (this.leading && owner) this.kept(await owner.keep());
        break;
      }
      case "kept":
        this.#set(message.status);
        this.#owner?.reread(message.position);
    }
  }

  #tell(event: LiveEvent) {
    this.#deliver(event);
    this.#channel?.postMessage({ kind: "event", event } satisfies Message);
  }

  #deliver(event: LiveEvent) {
    if (event.id) this.position = event.id;
    for (const handler of this.#handlers.get(event.name) ?? []) handler(event.data as never, event.id);
  }

  #become(status: LiveStatus) {
    // Between two connections that follow each other there is nothing to worry about.
    if (status === "connecting" && this.status !== "connecting") return;
    this.#set(status);
    this.#channel?.postMessage({ kind: "status", status } satisfies Message);
  }

  #set(status: LiveStatus) {
    if (this.status === status) return;
    this.status = status;
    this.emit();
  }
}

export const live = new Live();
