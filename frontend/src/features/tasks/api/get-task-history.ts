import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api/client";
import type { Task } from "../task";

export interface HistoryEvent {
  id: string;
  seq: number;
  event_type: "task.created" | "task.updated" | "task.completed" | "task.deleted";
  task_id: string;
  actor: string;
  time: string;
  task: Task | null;
  changed_fields: Record<string, { from: unknown; to: unknown }>;
}

/** More of a task's past than this nobody scrolls through. */
const most = 5;

async function getTaskHistory(id: string, signal: AbortSignal): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let cursor: string | null = null;
  for (let i = 0; i < most; i++) {
    const page: Page<HistoryEvent> = await api.get<Page<HistoryEvent>>(
      `/api/todos/${encodeURIComponent(id)}/history`,
      {
        query: { limit: 200, cursor },
        signal,
      },
    );
    events.push(...page.items);
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return events.reverse();
}

/** What has happened to a task, the latest first. */
export const taskHistoryOptions = (id: string) =>
  queryOptions({
    queryKey: ["tasks", id, "history"],
    queryFn: ({ signal }) => getTaskHistory(id, signal),
  });

export const useTaskHistory = (id: string, enabled: boolean) =>
  useQuery({ ...taskHistoryOptions(id), enabled });
