import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Preferences } from "../preferences";

export const getPreferences = (signal?: AbortSignal) =>
  api.get<Preferences>("/api/preferences", signal ? { signal } : {});

export const preferencesOptions = () =>
  queryOptions({
    queryKey: ["preferences"],
    queryFn: ({ signal }) => getPreferences(signal),
    refetchOnWindowFocus: true,
  });

export const usePreferences = () => useQuery(preferencesOptions());
