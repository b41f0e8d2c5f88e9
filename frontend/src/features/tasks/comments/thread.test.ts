import { expect, test } from "vitest";
import type { Op } from "../outbox/op";
import type { Comment, CommentEffect } from "./comment";
import { projectThread } from "./thread";

const comment = (id: string, at: string, text = id): Comment => ({
  ...{ id, task_id: "t1", text, actor: "user:u1", edited_at: null },
  created_at: `2026-12-01T${at}Z`,
});
const first = comment("a", "08:00:00");
const second = comment("b", "08:00:00.5");
const stored = new Map([second, first].map((one) => [one.id, one]));
const op = (change: Op["change"]): Op => ({ key: crypto.randomUUID(), at: 0, change, version: null });
const change = (effect: CommentEffect, id = "t1") => op({ kind: "comment", id, ...effect });
const undo = (comment: CommentEffect) =>
  op({ kind: "undo", id: "t1", event: { trace: "t" }, effects: [], comment });
const texts = (ops: Op[]) =>
  projectThread("t1", stored, ops).map(({ comment, waiting }) => comment.text + (waiting ? "*" : ""));

test("comments are shown oldest first, with what was not sent yet", () => {
  expect(texts([])).toEqual(["a", "b"]);
  const third = comment("c", "09:00:00");
  expect(texts([change({ before: null, after: third })])).toEqual(["a", "b", "c*"]);
  expect(texts([change({ before: first, after: { ...first, text: "edited" } })])).toEqual(["edited*", "b"]);
  expect(texts([change({ before: first, after: null })])).toEqual(["b"]);
  expect(texts([change({ before: null, after: third }, "another")])).toEqual(["a", "b"]);
});

test("an undo is shown before the server answers", () => {
  const gone = { before: first, after: null };
  expect(texts([change(gone), undo({ before: null, after: first })])).toEqual(["a*", "b"]);
  const third = comment("c", "09:00:00");
  expect(texts([change({ before: null, after: third }), undo({ before: third, after: null })])).toEqual([
    "a",
    "b",
  ]);
});
