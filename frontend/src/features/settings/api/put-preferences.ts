import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/api/problem";
import * as words from "@/messages/preferences";
import type { Preferences } from "../preferences";
import { getPreferences, preferencesOptions } from "./get-preferences";

/**
 * Changes some preferences. The server replaces all of them at once, so each change is based on what the server has now:
 * another device may have changed the others since this page fetched them. The changes of this page are sent one after
 * the other.
 */
export function usePutPreferences() {
  const queries = useQueryClient();
  const { queryKey } = preferencesOptions();
  return useMutation({
    scope: { id: "preferences" },
    onMutate: async (change: Partial<Preferences>) => {
      await queries.cancelQueries({ queryKey });
      queries.setQueryData(queryKey, (old) => old && { ...old, ...change });
    },
    mutationFn: async (change) => {
      // Not by the query: the next change cancels it.
      const known = await getPreferences();
      return api.put<Preferences>("/api/preferences", { ...known, ...change });
    },
    onError: (error) => toast.error(words.notSaved(), { description: explain(error) }),
    onSettled: () => {
      // After the last of several changes, refetch the result.
      if (queries.isMutating({ mutationKey: ["preferences"] }) <= 1)
        return queries.invalidateQueries({ queryKey });
    },
    mutationKey: ["preferences"],
  });
}
