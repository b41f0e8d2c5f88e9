import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import * as words from "@/messages/purge";
import { api } from "@/lib/api/client";
import { explain, Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import { trashOptions } from "./get-trash";

/** Deletes a task of the trash for good, or without an id all of them. */
export function usePurge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string | null) =>
      id ? api.delete(`/api/todos/trash/${encodeURIComponent(id)}`) : emptyTrash(),
    onSuccess: (_, id) => toast(id ? words.deletedForever() : words.emptied()),
    onError: (error) => {
      // Another device did it: the result is the same.
      if (!(error instanceof Problem && error.status === 404))
        toast.error(words.notEmptied(), { description: explain(error) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: trashOptions().queryKey }),
  });
}

/** One request deletes a part of a large trash. */
async function emptyTrash(): Promise<void> {
  let more = true;
  while (more) more = (await api.delete<Schema["EmptiedTrash"]>("/api/todos/trash")).more;
}
