import { createParser } from "eventsource-parser";
import { accessToken, renewAccessToken } from "@/lib/session/session";
import { Problem } from "@/lib/api/problem";
import type { LiveEvent } from "./events";

export type LiveStatus = "connecting" | "live" | "reconnecting" | "offline";

export interface ConnectionHandlers {
  /** A stale event was missed: it is replayed, and was no news any more when the connection opened. */
  event(event: LiveEvent, stale: boolean): void;
  status(status: LiveStatus): void;
  /** The position to resume from; read for each connection. */
  position(): string | null;
}

/** The gateway sends a ping every 15 s; after this long without data the connection is dead. */
const silence = 40_000;
const longestWait = 15_000;
/** After this many milliseconds a replayed event is no news. */
const maxAge = 60_000;

/**
 * Keeps a stream open until the signal aborts. It uses fetch, because EventSource cannot send the token in a header. It
 * resumes from the handlers' position, so nothing is missed between two connections.
 */
export async function keepConnected(signal: AbortSignal, on: ConnectionHandlers): Promise<void> {
  let failures = 0;
  let retry = 1000;
  while (!signal.aborted) {
    if (failures === 0) on.status("connecting");
    let opened = false;
    // The server ends every stream, at the latest when its token expires: no outage, unless the next one does not open.
    let ended = false;
    try {
      const said = await connect(signal, on, () => {
        opened = true;
        failures = 0;
      });
      if (said !== null) retry = said;
      ended = opened;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && error.status === 401) return; // the session has ended
    }
    if (signal.aborted) return;
    if (!ended || !navigator.onLine) on.status(navigator.onLine ? "reconnecting" : "offline");
    failures++;
    // The first wait is the server's, which spreads its clients; later waits grow.
    const wait = Math.min(failures === 1 ? retry : retry * 2 ** (failures - 1), longestWait);
    await pause(failures === 1 ? wait : wait * (0.7 + Math.random() * 0.3), signal);
    if (failures > 1 || !navigator.onLine) on.status(navigator.onLine ? "reconnecting" : "offline");
  }
}

/** One connection, until it ends; returns the wait that the server requested. */
async function connect(
  signal: AbortSignal,
  on: ConnectionHandlers,
  opened: () => void,
): Promise<number | null> {
  const attempt = new AbortController();
  const abort = () => attempt.abort();
  signal.addEventListener("abort", abort);
  window.addEventListener("offline", abort);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, silence);
  };
  try {
    alive();
    const response = await open(attempt.signal, on.position());
    if (!response.ok || !response.body) {
      const after = Number(response.headers.get("Retry-After"));
      return after > 0 ? after * 1000 : null;
    }
    opened();
    on.status("live");
    // By the gateway's clock: that of the device may be wrong.
    const openedAt = Date.parse(response.headers.get("Date") ?? "");
    let retry: number | null = null;
    let last = "";
    /** Until this one, events are replayed. */
    let head = 0;
    const parser = createParser({
      onEvent({ event = "message", data, id = last }) {
        last = id; // an event without an id is at the place of the one before
        const said = JSON.parse(data) as { seq: number; timestamp: string };
        if (event === "hello") head = said.seq;
        const stale = said.seq <= head && !(openedAt - Date.parse(said.timestamp) < maxAge);
        on.event({ name: event, data: said, id } as unknown as LiveEvent, stale);
      },
      onRetry: (milliseconds) => (retry = milliseconds),
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return retry;
      alive();
      parser.feed(value);
    }
  } finally {
    clearTimeout(timer);
    attempt.abort();
    signal.removeEventListener("abort", abort);
    window.removeEventListener("offline", abort);
  }
}

async function open(signal: AbortSignal, position: string | null): Promise<Response> {
  const get = (token: string) =>
    fetch("/api/stream/tasks", {
      signal,
      cache: "no-store",
      headers: {
        Accept: "text/event-stream",
        Authorization: `Bearer ${token}`,
        ...(position ? { "Last-Event-ID": position } : {}),
      },
    });
  const token = await accessToken();
  const response = await get(token);
  return response.status === 401 ? get(await renewAccessToken(token)) : response;
}

/** Waits, unless the network returns or fails, or the page becomes visible. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      window.removeEventListener("online", done);
      window.removeEventListener("offline", done);
      document.removeEventListener("visibilitychange", shown);
      resolve();
    };
    const shown = () => document.visibilityState === "visible" && done();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    window.addEventListener("online", done);
    window.addEventListener("offline", done);
    document.addEventListener("visibilitychange", shown);
  });
}
