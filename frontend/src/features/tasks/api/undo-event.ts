import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain, Problem } from "@/lib/api/problem";
import { taskHistoryOptions } from "./get-task-history";

const undoEvent = (eventId: string) => api.post<unknown>(`/api/history/${encodeURIComponent(eventId)}/undo`);

/** Undoes one change of a task; the result arrives on the stream. */
export function useUndoEvent(taskId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: undoEvent,
    onSuccess: () => toast("Undone"),
    onError: (error) =>
      toast.error("That cannot be undone", {
        description:
          error instanceof Problem && error.status === 409
            ? "This was changed again in the meantime."
            : explain(error),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: taskHistoryOptions(taskId).queryKey }),
  });
}
