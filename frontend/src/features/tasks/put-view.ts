import { toast } from "sonner";
import { notSaved } from "@/messages/savedViews";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/api/problem";
import { type SavedView, savedViews, type ViewFields } from "./saved-views";

/** The requests of this tab go one after the other, so that the last change wins. */
let last: Promise<unknown> = Promise.resolve();

/** Shows a change at once, and takes it back if the server refuses it. */
export function putView(id: string, fields: ViewFields | null) {
  const now = new Date().toISOString();
  const view = fields && { created_at: now, ...savedViews.get(id), ...fields, id, updated_at: now };
  const answered = savedViews.expect({ id, view });
  const send = async () => {
    if (fields) savedViews.put(id, await api.put<SavedView>(`/api/views/${id}`, fields));
    else {
      await api.delete(`/api/views/${id}`);
      savedViews.put(id, null);
    }
  };
  last = last
    .then(send)
    .catch((error: unknown) => toast.error(notSaved(), { description: explain(error) }))
    .finally(answered);
}
