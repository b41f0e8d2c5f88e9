import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/api/problem";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Offline, what is not there is said to be out of reach; nobody waits for it without a word.
        networkMode: "always",
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // What the server has refused it will refuse again.
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && !error.passing),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
