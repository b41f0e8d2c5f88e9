import { tooOld } from "@/messages/acts";
import { api } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";

/** A task that is changed all the time has many events; what is undone is one of the latest. */
const mostPages = 10;

/**
 * The id of an event of these tasks, or of a comment on them, or without an id of a project, a section or a tag, that a request with
 * this traceparent has caused. The first task need not have one: another device may have made the same change before. Throws Problem
 * if there is none.
 */
export async function eventOf(
  taskIds: readonly string[],
  traceparent: string,
  ofComment: boolean,
): Promise<string> {
  const trace = traceOf(traceparent);
  for (const id of new Set(taskIds)) {
    const about = ofComment ? /^comment\./ : id ? /^task\./ : /^(project|section|tag)\./;
    const found = await eventIn(id, trace, about);
    if (found) return found;
  }
  throw new Problem(404, "", tooOld(), [], null, "undo");
}

/** The id of the event in the history of one task, or of all, if it has one. */
async function eventIn(
  taskId: string,
  trace: string | undefined,
  about: RegExp,
): Promise<string | undefined> {
  let cursor: string | null = null;
  for (let i = 0; i < mostPages; i++) {
    const page: Schema["HistoryPage"] = await api.get<Schema["HistoryPage"]>(
      taskId ? `/api/todos/${encodeURIComponent(taskId)}/history` : "/api/history",
      { query: { sort: "-seq", limit: i === 0 ? 20 : 200, cursor } },
    );
    const found = page.items.find(
      (event) => about.test(event.event_type) && traceOf(event.traceparent) === trace,
    );
    if (found) return found.id;
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return undefined;
}

/** The trace id of a traceparent; every service on the way changes the rest. */
const traceOf = (traceparent: string) => traceparent.split("-")[1];
