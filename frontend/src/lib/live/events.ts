import type { Schema } from "@/lib/api/schema";

/** What the stream tells, by the events' names; `docs/asyncapi.yaml` has the same. */
export interface LiveEvents {
  hello: { stream: string; seq: number };
  "sync.task-changed": {
    change_type: "created" | "updated" | "completed" | "deleted";
    task_id: string;
    user_id: string;
    seq: number;
    changed_fields: string[];
    timestamp: string;
    task: Schema["Task"] | null;
  };
  "sync.notification-created": { notification: Schema["Notification"] | null; timestamp: string };
  "sync.notification-read": { notification: Schema["Notification"] | null; timestamp: string };
  /** The stream cannot go on from where it was: what was loaded has to be loaded anew. */
  "sync.reset": Record<string, unknown>;
}

export type LiveEventName = keyof LiveEvents;

/** An event with the position that the stream has after it. */
export type LiveEvent = { [N in LiveEventName]: { name: N; data: LiveEvents[N]; id: string } }[LiveEventName];
