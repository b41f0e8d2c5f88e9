import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/api/problem";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // What the server has refused it will refuse again.
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && !error.passing),
      },
      mutations: { retry: false },
    },
  });
}
