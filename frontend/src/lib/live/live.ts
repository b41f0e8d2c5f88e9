import { Emitter } from "@/lib/store/emitter";
import { type LiveStatus, keepConnected } from "./connection";
import type { LiveEvent, LiveEventName, LiveEvents } from "./events";
import { isBehind } from "./position";

type Message =
  | { kind: "event"; event: LiveEvent; stale: boolean }
  | { kind: "status"; status: LiveStatus }
  /** A tab that may have missed events asks for them. */
  | { kind: "join" }
  /** The tab with the stream has everything up to this position, in the browser's database if it can write there. */
  | { kind: "kept"; position: string | null; status: LiveStatus };

export type LiveHandler<N extends LiveEventName> = (data: LiveEvents[N], id: string, stale: boolean) => void;
type AnyHandler = (data: never, id: string, stale: boolean) => void;

/** What the owner of the data does for other tabs. */
export interface LiveOwner {
  /** Stores everything, if it can; returns the position up to which it has everything. */
  keep(): Promise<string | null>;
  /** Reads what the tab with the stream has stored, unless this tab already has everything up to the position. */
  reread(position: string | null): void;
  /** This tab now holds the stream. */
  lead(): void;
}

/**
 * One stream for the whole browser. The tab with the lock holds it and broadcasts its events; when that tab is closed,
 * the next one gets the lock and resumes from the same position.
 */
export class Live extends Emitter {
  status: LiveStatus = "connecting";
  /** The id of the last event that this tab has seen. */
  position: string | null = null;
  leading = false;

  #handlers = new Map<LiveEventName, Set<AnyHandler>>();
  #channel: BroadcastChannel | null = null;
  #stop: AbortController | null = null;
  #owner: LiveOwner | null = null;

  getStatus = () => this.status;

  /** Calls the handler for every event of that name, in every tab, until the returned function is called. */
  on<N extends LiveEventName>(name: N, handler: LiveHandler<N>): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers);
    handlers.add(handler as AnyHandler);
    return () => handlers.delete(handler as AnyHandler);
  }

  start(userId: string, position: string | null, owner: LiveOwner) {
    this.stop();
    const stop = new AbortController();
    const channel = new BroadcastChannel(`taskwire.live.${userId}`);
    this.#stop = stop;
    this.#channel = channel;
    this.#owner = owner;
    this.position = position;
    channel.onmessage = ({ data }: MessageEvent<Message>) => void this.#onMessage(data);
    this.join();
    navigator.locks
      .request(`taskwire.live.${userId}`, { signal: stop.signal }, async () => {
        this.leading = true;
        owner.lead();
        await keepConnected(stop.signal, {
          event: (event, stale) => this.#notify(event, stale),
          status: (status) => this.#setStatus(status),
          position: () => this.position,
        });
      })
      .catch(() => {}) // aborted while waiting
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

  /** Asks the tab with the stream to store what it has. */
  join() {
    this.#channel?.postMessage({ kind: "join" } satisfies Message);
  }

  /** Notifies the other tabs that everything up to a position was stored, if that was possible. */
  announceStored(position: string | null) {
    this.#channel?.postMessage({ kind: "kept", position, status: this.status } satisfies Message);
  }

  async #onMessage(message: Message) {
    switch (message.kind) {
      case "event":
        this.#deliver(message.event, message.stale);
        break;
      case "status":
        this.#set(message.status);
        break;
      case "join": {
        const owner = this.#owner;
        if (this.leading && owner) this.announceStored(await owner.keep());
        break;
      }
      case "kept":
        this.#set(message.status);
        this.#owner?.reread(message.position);
    }
  }

  #notify(event: LiveEvent, stale: boolean) {
    this.#deliver(event, stale);
    this.#channel?.postMessage({ kind: "event", event, stale } satisfies Message);
  }

  #deliver(event: LiveEvent, stale: boolean) {
    // A hello further on is followed by sync.reset, unless the connection ends before that.
    const skips = event.name === "hello" && this.position !== null && isBehind(this.position, event.id);
    if (event.id && !skips) this.position = event.id;
    for (const handler of this.#handlers.get(event.name) ?? []) handler(event.data as never, event.id, stale);
  }

  #setStatus(status: LiveStatus) {
    // Do not show a short gap between two connections.
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
