import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/api/problem";
import type { Preferences } from "../preferences";
import { preferencesOptions } from "./get-preferences";

/**
 * Changes some preferences. The server takes all of them at once, so the changes of this page go one after the other,
 * each with what those before it have made.
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
      const known = queries.getQueryData(queryKey) ?? (await queries.fetchQuery(preferencesOptions()));
      return api.put<Preferences>("/api/preferences", { ...known, ...change });
    },
    onError: (error) => toast.error("That could not be saved", { description: explain(error) }),
    onSettled: () => {
      // The last of several asks what has become of them.
      if (queries.isMutating({ mutationKey: ["preferences"] }) <= 1)
        return queries.invalidateQueries({ queryKey });
    },
    mutationKey: ["preferences"],
  });
}
