import type { Schema } from "@/lib/api/schema";

interface LabelChanged {
  change_type: "created" | "updated" | "deleted";
  seq: number;
  timestamp: string;
  /** What the change did to tasks. */
  relabels: Schema["Relabel"][];
}

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
  "sync.project-changed": LabelChanged & { project: Schema["Label"] };
  "sync.section-changed": LabelChanged & { section: Schema["Section"] };
  "sync.tag-changed": LabelChanged & { tag: Schema["Label"] };
  "sync.view-changed": { view_id: string; view: Schema["View"] | null };
  "sync.comment-changed": {
    comment_id: string;
    task_id: string;
    /** Null if it was deleted. */
    comment: Schema["Comment"] | null;
    /** How many comments the task has; null if that did not change. */
    comments: number | null;
  };
  "sync.notification-created": { notification: Schema["Notification"] | null; timestamp: string };
  "sync.notification-read": { notification: Schema["Notification"] | null; timestamp: string };
  /** The stream cannot resume: everything must be reloaded. */
  "sync.reset": Record<string, unknown>;
}

export type LiveEventName = keyof LiveEvents;

/** An event with the stream's position after it. */
export type LiveEvent = { [N in LiveEventName]: { name: N; data: LiveEvents[N]; id: string } }[LiveEventName];
