import { uuidv7 } from "@/lib/uuid";
import * as words from "@/messages/comments";
import { act } from "../actions";
import { taskStore } from "../store";
import type { Comment } from "./comment";

const most = 10_000;

/** Why the server would refuse a text, in words; null if it would not. */
export function problemOf(text: string): string | null {
  const has = Array.from(text).length; // as the server counts
  return has > most ? words.tooLong({ most, has }) : null;
}

export function addComment(taskId: string, text: string, userId: string): void {
  const comment: Comment = {
    id: uuidv7(),
    task_id: taskId,
    text,
    actor: `user:${userId}`,
    created_at: new Date().toISOString(),
    edited_at: null,
  };
  taskStore.change({ kind: "comment", id: taskId, before: null, after: comment });
}

/** Changes the text of a comment. What the server would refuse is kept among what could not be saved. */
export function editComment(before: Comment, text: string): void {
  if (text === before.text || text.trim() === "") return;
  const after = { ...before, text, edited_at: new Date().toISOString() };
  const change = { kind: "comment" as const, id: before.task_id, before, after };
  const problem = problemOf(text);
  if (problem) taskStore.keep(change, problem);
  else taskStore.change(change);
}

export function deleteComment(before: Comment): void {
  act(words.deleted(), undefined, () =>
    taskStore.change({ kind: "comment", id: before.task_id, before, after: null }),
  );
}
