import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEventName } from "@/lib/live/events";
import { live } from "@/lib/live/live";
import { session } from "@/lib/session/session";
import { problem, server, sessionAnswer } from "@/testing/server";
import { commentCounts } from "./counts";
import { keepCommentCounts } from "./keep-counts";

let receive: (name: LiveEventName) => void;
let stop = () => {};

beforeEach(() => {
  session.enter(sessionAnswer());
  const handlers: [string, (data: never, id: string) => void][] = [];
  vi.spyOn(live, "on").mockImplementation((name, handle) => {
    handlers.push([name, handle as never]);
    return () => {};
  });
  receive = (name) => {
    for (const [of, handle] of handlers) if (of === name) handle({} as never, "e-1");
  };
});
afterEach(() => stop());

const serve = (comments: number) =>
  server.use(
    http.get("*/api/todos/comment-counts", () =>
      HttpResponse.json({ items: [{ task_id: "t1", comments }], next_cursor: null }),
    ),
  );

/** Requests fail once `answer` is called. */
function fail() {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  let requests = 0;
  server.use(
    http.get("*/api/todos/comment-counts", async () => {
      requests++;
      await answered;
      return problem(503);
    }),
  );
  return { asked: () => requests, answer };
}

const count = () => commentCounts.counts.get("t1");

test("counts that could not be loaded after a reset are loaded with the next connection", async () => {
  serve(1);
  stop = keepCommentCounts(null);
  await expect.poll(count).toBe(1);
  const { asked, answer } = fail();
  receive("sync.reset");
  await expect.poll(asked).toBe(1);
  serve(2);
  // It may be there before the load has failed.
  receive("hello");
  answer();
  await expect.poll(count).toBe(2);
});
