import { expect, test } from "vitest";
import type { Schema } from "@/lib/api/schema";
import { makeTask } from "@/testing/tasks";
import { stepsDone } from "./steps";

type Event = Schema["TaskHistoryItem"];

const time = "2026-11-26T10:00:00Z";
let seq = 0;

function event(event_type: Event["event_type"], changes: Partial<Event>): Event {
  const shown = changes.task === undefined ? makeTask() : changes.task;
  return {
    id: crypto.randomUUID(),
    seq: ++seq,
    event_type,
    task_id: "1",
    user_id: "2",
    actor: "user:2",
    time,
    traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
    changed_fields: {},
    ...changes,
    task: shown,
  };
}
const created = (fields: object) => event("task.created", { task: makeTask(fields) });
const completed = (from: boolean, to: boolean) =>
  event(to ? "task.completed" : "task.updated", {
    changed_fields: {
      completed: { from, to },
      completed_at: { from: from ? time : null, to: to ? time : null },
    },
  });

test("a task with more than a title counts, and under Today a date is not more", () => {
  expect(stepsDone([created({ title: "Milk" })])).toEqual(new Set());
  expect(stepsDone([created({ due_date: "2026-11-26" })])).toEqual(new Set());
  expect(stepsDone([created({ due_date: "2026-11-27" })])).toEqual(new Set(["add"]));
  expect(stepsDone([created({ tags: ["home"] })])).toEqual(new Set(["add"]));
});

test("a completion and its undo count, whatever else happened before", () => {
  expect(stepsDone([completed(false, true)])).toEqual(new Set(["complete"]));
  expect(stepsDone([completed(false, true), completed(true, false)])).toEqual(new Set(["complete", "undo"]));
});

test("another change of the same task is no undo", () => {
  const titled = (from: string, to: string) =>
    event("task.updated", { changed_fields: { title: { from, to } } });
  expect(stepsDone([titled("a", "b"), titled("b", "c")])).toEqual(new Set());
  expect(stepsDone([titled("a", "b"), titled("b", "a")])).toEqual(new Set(["undo"]));
});
