import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";

export type Usage = Schema["Usage"];

/** How much the user keeps, and may keep. */
export const usageOptions = () =>
  queryOptions({
    queryKey: ["usage"],
    queryFn: ({ signal }) => api.get<Usage>("/api/todos/usage", { signal }),
    // It changes with every task.
    staleTime: 0,
  });

export const useUsage = () => useQuery(usageOptions());
