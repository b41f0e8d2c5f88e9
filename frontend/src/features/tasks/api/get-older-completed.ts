import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { completedKept, pageSize } from "../replica/load";
import type { Task } from "../task";
import type { TaskQuery } from "../view/query";

export interface OlderTasks {
  tasks: Task[];
  /** The cursor of the next page; null at the end. */
  cursor: string | null;
}

/**
 * The completed tasks after a cursor, up to the first unknown one: the first pages without a cursor have the tasks that
 * the browser already stores.
 */
export async function getOlderCompleted(
  { project, tag, q, priority }: TaskQuery,
  cursor: string | null,
  isKnown: (id: string) => boolean,
): Promise<OlderTasks> {
  const tasks: Task[] = [];
  for (;;) {
    const page: Schema["TaskPage"] = await api.get<Schema["TaskPage"]>("/api/todos", {
      query: {
        ...{ status: "completed", sort: "-updated_at", limit: pageSize },
        ...{ project, tag, q, priority, cursor },
      },
    });
    tasks.push(...page.items);
    cursor = page.next_cursor;
    if (!cursor || page.items.some((task) => !isKnown(task.id))) return { tasks, cursor };
  }
}

/** Whether the server may have completed tasks that the browser does not have. */
export function mayHaveOlder(tasks: ReadonlyMap<string, Task>): boolean {
  let completed = 0;
  for (const task of tasks.values()) if (task.completed && ++completed >= completedKept) return true;
  return false;
}
