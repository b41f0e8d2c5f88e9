import { http, HttpResponse } from "msw";
import { afterEach, expect, test } from "vitest";
import { session } from "@/lib/session/session";
import { server, sessionAnswer } from "@/testing/server";
import { Live } from "./live";

const tab = new Live();
afterEach(() => tab.stop());

/** Each connection to the stream gets the next of these answers, the last one again and again; returns where each resumed. */
function serveStream(...answers: string[]) {
  const resumed: (string | null)[] = [];
  server.use(
    http.get("*/api/stream/tasks", ({ request }) => {
      resumed.push(request.headers.get("Last-Event-ID"));
      const answer = answers[Math.min(resumed.length, answers.length) - 1]!;
      return new HttpResponse(`retry: 1\n\n${answer}`, { headers: { "Content-Type": "text/event-stream" } });
    }),
  );
  return resumed;
}

const frame = (name: string, id: string) => `event: ${name}\nid: ${id}\ndata: {}\n\n`;

test("a connection that ends between hello and sync.reset does not skip what was missed", async () => {
  session.enter(sessionAnswer());
  const resumed = serveStream(
    frame("hello", "e-2000"),
    frame("hello", "e-2000") + frame("sync.reset", "e-2000"),
  );
  tab.start("cut", "e-5", { keep: () => Promise.resolve(null), reread: () => {}, lead: () => {} });
  await expect.poll(() => resumed.slice(0, 3)).toEqual(["e-5", "e-5", "e-2000"]);
});

test("the first hello says where a tab without tasks begins", async () => {
  session.enter(sessionAnswer());
  const resumed = serveStream(frame("hello", "e-7"));
  tab.start("new", null, { keep: () => Promise.resolve(null), reread: () => {}, lead: () => {} });
  await expect.poll(() => resumed.slice(0, 2)).toEqual([null, "e-7"]);
});
