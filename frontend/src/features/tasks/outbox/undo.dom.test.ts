import { http, HttpResponse, type JsonBodyType } from "msw";
import { beforeEach, expect, test } from "vitest";
import { session } from "@/lib/session/session";
import { problem, server, sessionAnswer } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import { ChangedSince, deliver } from "./deliver";
import type { Change } from "./op";

const task = makeTask({ id: "t1", version: 4 });
const deliverUndo = (event: Extract<Change, { kind: "undo" }>["event"]) =>
  deliver(
    {
      key: crypto.randomUUID(),
      at: 0,
      version: null,
      change: { kind: "undo", id: "t1", event, effects: [] },
    },
    null,
  );

/** Answers undos, and returns the bodies that were sent. */
function answerUndos(answer: () => HttpResponse<JsonBodyType>): string[] {
  const bodies: string[] = [];
  server.use(
    http.post("*/api/history/e1/undo", async ({ request }) => {
      bodies.push(await request.text());
      return answer();
    }),
  );
  return bodies;
}

beforeEach(() => session.enter(sessionAnswer()));

test("a line of the history undoes its own event, not the batch that it was part of", async () => {
  const bodies = answerUndos(() => HttpResponse.json(task));
  expect(await deliverUndo({ id: "e1" })).toEqual({ tasks: [task], gone: [] });
  expect(bodies).toEqual([""]);
});

test("the task is gone if the event that was undone had brought it", async () => {
  answerUndos(() => HttpResponse.json(null));
  expect(await deliverUndo({ id: "e1" })).toEqual({ tasks: [], gone: ["t1"] });
});

test("an event that cannot be undone any more says in which fields its task has changed", async () => {
  answerUndos(() => problem(409, "changed", { errors: [{ field: "/title", detail: "has changed since" }] }));
  await expect(deliverUndo({ id: "e1" })).rejects.toEqual(new ChangedSince(["title"]));
});

test("an act of this tab is undone as a whole", async () => {
  server.use(
    http.get("*/api/todos/t1/history", () =>
      HttpResponse.json({
        items: [{ id: "e1", event_type: "task.updated", traceparent: "00-f00d-2-01" }],
        next_cursor: null,
      }),
    ),
  );
  const bodies = answerUndos(() =>
    HttpResponse.json({
      results: [
        { id: "t1", task },
        { id: "t2", task: null },
      ],
    }),
  );
  expect(await deliverUndo({ trace: "00-f00d-1-01" })).toEqual({ tasks: [task], gone: ["t2"] });
  expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([{ scope: "batch" }]);
});
