import { toast } from "sonner";
import { notSaved } from "@/messages/savedViews";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/api/problem";
import { type SavedView, savedViews, type ViewFields } from "./saved-views";

/** The requests of this tab go one after the other, so that the last change wins. */
let last: Promise<unknown> = Promise.resolve();

/** Shows a change at once, and takes it back if the server refuses it. */
export function putView(id: string, fields: ViewFields | null) {
  const before = savedViews.get(id) ?? null;
  const now = new Date().toISOString();
  savedViews.put(id, fields && { created_at: now, ...before, ...fields, id, updated_at: now });
  const send = () =>
    fields
      ? api.put<SavedView>(`/api/views/${id}`, fields).then((view) => savedViews.put(id, view))
      : api.delete(`/api/views/${id}`);
  last = last.then(send).catch((error: unknown) => {
    savedViews.put(id, before);
    toast.error(notSaved(), { description: explain(error) });
  });
}
