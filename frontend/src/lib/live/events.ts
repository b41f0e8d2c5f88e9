import type { Schema } from "@/lib/api/schema";

/** The stream's events by name, as in `docs/asyncapi.yaml`. */
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
  /** The stream cannot resume: everything must be reloaded. */
  "sync.reset": Record<string, unknown>;
}

export type LiveEventName = keyof LiveEvents;

/** An event with the stream's position after it. */
export type LiveEvent = { [N in LiveEventName]: { name: N; data: LiveEvents[N]; id: string } }[LiveEventName];
