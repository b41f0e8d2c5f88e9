import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";

export type HistoryEvent = Schema["TaskHistoryItem"];

/** The maximum number of events; users do not scroll further back. */
const most = 5;

async function getTaskHistory(id: string, signal: AbortSignal): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let cursor: string | null = null;
  for (let i = 0; i < most; i++) {
    const page: Schema["HistoryPage"] = await api.get<Schema["HistoryPage"]>(
      `/api/todos/${encodeURIComponent(id)}/history`,
      {
        query: { limit: 200, cursor },
        signal,
      },
    );
    events.push(...page.items.filter(isAboutTheTask));
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return events.reverse();
}

/** A task's history also contains its notifications, which change nothing. */
const isAboutTheTask = (item: Schema["HistoryItem"]): item is HistoryEvent =>
  item.event_type.startsWith("task.");

/** The events of a task, newest first. */
export const taskHistoryOptions = (id: string) =>
  queryOptions({
    queryKey: ["tasks", id, "history"],
    queryFn: ({ signal }) => getTaskHistory(id, signal),
  });

export const useTaskHistory = (id: string, enabled: boolean) =>
  useQuery({ ...taskHistoryOptions(id), enabled });
