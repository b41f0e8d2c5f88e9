import { http, HttpResponse, type JsonBodyType } from "msw";
import { beforeEach, expect, test } from "vitest";
import { session } from "@/lib/session/session";
import { problem, server, sessionAnswer } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import { ChangedSince, deliver } from "./deliver";
import type { Change } from "./op";

const task = makeTask({ id: "t1", version: 4 });
const deliverUndo = (event: Extract<Change, { kind: "undo" }>["event"], of = ["t1"]) => {
  const effects = of.map((id) => ({ id, before: {}, after: {} }));
  const change: Change = { kind: "undo", id: "t1", event, effects };
  return deliver({ key: crypto.randomUUID(), at: 0, version: null, change }, null);
};

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

const history = (id: string, ...items: object[]) =>
  server.use(http.get(`*/api/todos/${id}/history`, () => HttpResponse.json({ items, next_cursor: null })));
const updated = { id: "e1", event_type: "task.updated", traceparent: "00-f00d-2-01" };

test("an act of this tab is undone as a whole, also if its first task was already as the act would make it", async () => {
  history("t1");
  history("t2", { ...updated, id: "e0", traceparent: "00-beef-2-01" }, updated);
  const bodies = answerUndos(() =>
    HttpResponse.json({
      results: [
        { id: "t2", task },
        { id: "t3", task: null },
      ],
    }),
  );
  const act = { trace: "00-f00d-1-01" };
  expect(await deliverUndo(act, ["t1", "t2", "t3"])).toEqual({ tasks: [task], gone: ["t3"] });
  expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([{ scope: "batch" }]);
});

test("an act that changed nothing cannot be undone", async () => {
  history("t1");
  await expect(deliverUndo({ trace: "00-f00d-1-01" })).rejects.toThrow("it is too old to be undone");
});
