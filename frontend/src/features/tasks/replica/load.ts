import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import type { Task } from "../task";

export const pageSize = 200;
/** The number of completed tasks to store, the latest ones; older ones are fetched when they are viewed. */
export const completedKept = 400;

/** Loads the tasks to store: every open task and the latest completed ones, page by page. */
export async function* loadTasks(signal: AbortSignal): AsyncGenerator<Task[]> {
  yield* pages({ status: "open", sort: "position" }, Infinity, signal);
  yield* pages({ status: "completed", sort: "-updated_at" }, completedKept / pageSize, signal);
}

async function* pages(
  query: Record<string, string>,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<Task[]> {
  let cursor: string | null = null;
  for (let i = 0; i < most; i++) {
    const page: Schema["TaskPage"] = await api.get<Schema["TaskPage"]>("/api/todos", {
      query: { ...query, limit: pageSize, cursor },
      signal,
    });
    yield page.items;
    cursor = page.next_cursor;
    if (!cursor) return;
  }
}
