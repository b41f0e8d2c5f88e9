import { tooOld } from "@/messages/acts";
import { api } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";

/** A task that is changed all the time has many events; what is undone is one of the latest. */
const mostPages = 10;

/**
 * The id of the event of a task, or of a comment on it, or without an id of a project, a section or a tag, that a request with this
 * traceparent has caused. Throws Problem if there is none.
 */
export async function eventOf(taskId: string, traceparent: string, ofComment: boolean): Promise<string> {
  const trace = traceOf(traceparent);
  const about = ofComment ? /^comment\./ : taskId ? /^task\./ : /^(project|section|tag)\./;
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
  throw new Problem(404, "", tooOld(), [], null, "undo");
}

/** The trace id of a traceparent; every service on the way changes the rest. */
const traceOf = (traceparent: string) => traceparent.split("-")[1];
