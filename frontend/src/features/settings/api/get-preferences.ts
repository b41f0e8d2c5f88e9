import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Preferences } from "../preferences";

export const preferencesOptions = () =>
  queryOptions({
    queryKey: ["preferences"],
    queryFn: ({ signal }) => api.get<Preferences>("/api/preferences", { signal }),
    refetchOnWindowFocus: true,
  });

export const usePreferences = () => useQuery(preferencesOptions());
