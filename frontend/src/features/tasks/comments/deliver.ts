import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { type Sent, unlessGone } from "../outbox/deliver";
import type { CommentEffect } from "./comment";

/** Sends a change of a comment on a task to the server. */
export async function deliverComment(
  { id, before, after }: CommentEffect & { id: string },
  sent: Sent,
): Promise<void> {
  const path = `/api/todos/${encodeURIComponent(id)}/comments`;
  if (!before && after) {
    const body: Schema["NewComment"] = { id: after.id, text: after.text };
    await api.post<Schema["Comment"]>(path, body, sent);
  } else if (before && after) {
    const body: Schema["CommentPatch"] = { text: after.text };
    await api.patch<Schema["Comment"]>(`${path}/${before.id}`, body, sent);
  } else if (before) {
    await unlessGone(api.delete(`${path}/${before.id}`, sent));
  }
}
