import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/api/problem";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Offline, missing data is an error at once, instead of waiting silently.
        networkMode: "always",
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A request that the server rejected will be rejected again.
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && !error.passing),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
