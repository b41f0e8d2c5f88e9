import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/lib/session/session";
import { problem, server, sessionAnswer } from "@/testing/server";
import { keepConnected, type LiveStatus } from "./connection";

let stop: AbortController;
let statuses: LiveStatus[];
let greeted: number;
let heard: string[];

beforeEach(() => {
  session.enter(sessionAnswer());
  stop = new AbortController();
  statuses = [];
  greeted = 0;
  heard = [];
});
afterEach(() => stop.abort());

/** A stream with these frames, opened at noon; it ends if it is to. */
function stream(frames: string, ends: boolean) {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(frames));
      if (ends) controller.close();
    },
  });
  return new HttpResponse(body, {
    headers: { "Content-Type": "text/event-stream", Date: "Tue, 01 Dec 2026 12:00:00 GMT" },
  });
}

const hello = (seq: number) => `id: e-${seq}\nevent: hello\ndata: {"stream":"e","seq":${seq}}\nretry: 1\n\n`;

const rung = (seq: number, time: string) =>
  `id: e-${seq}\nevent: sync.notification-created\ndata: {"seq":${seq},"timestamp":"2026-12-01T${time}Z"}\n\n`;

/** The gateway gives these answers, one after the other, and then none. */
function connect(...answers: (() => Response)[]) {
  let asked = 0;
  server.use(http.get("*/api/stream/tasks", () => answers[asked++]?.() ?? new Promise<never>(() => {})));
  void keepConnected(stop.signal, {
    event: ({ name, id }, stale) => {
      if (name === "hello") greeted++;
      else heard.push(`${id} ${stale ? "stale" : "new"}`);
    },
    status: (status) => {
      if (status !== "connecting" && statuses.at(-1) !== status) statuses.push(status);
    },
    position: () => null,
  });
}

test("the end of a stream is no outage, if the next one opens", async () => {
  connect(
    () => stream(hello(1), true),
    () => stream(hello(1), false),
  );
  await expect.poll(() => greeted).toBe(2);
  expect(statuses).toEqual(["live"]);
});

test("an outage is shown if the next stream does not open", async () => {
  connect(
    () => stream(hello(1), true),
    () => problem(503),
    () => stream(hello(1), false),
  );
  await expect.poll(() => statuses).toEqual(["live", "reconnecting", "live"]);
});

test("a device that goes offline while it waits for the next stream says so at once", async () => {
  connect(() => stream(hello(1).replace("retry: 1", "retry: 10000"), true));
  await expect.poll(() => statuses).toEqual(["live"]);
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  await expect
    .poll(() => {
      window.dispatchEvent(new Event("offline"));
      return statuses;
    })
    .toEqual(["live", "offline"]);
});

test("only what is replayed a minute later is stale, whatever the clock of the device", async () => {
  vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-12-01T13:00:00Z"));
  const replayed = rung(2, "11:58:00") + rung(3, "11:59:30");
  connect(() => stream(hello(3) + replayed + rung(4, "11:58:30"), false));
  await expect.poll(() => heard).toEqual(["e-2 stale", "e-3 new", "e-4 new"]);
});
