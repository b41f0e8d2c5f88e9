import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/api/problem";
import { session } from "@/lib/session/session";

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

/**
 * Keeps the responses of one user from the next, who may have signed in in another tab while this one was still signed
 * in. What the page then shows is fetched again.
 */
export function clearForAnother(client: QueryClient): () => void {
  let last = session.getState().account?.id;
  return session.subscribe(() => {
    const before = last;
    last = session.getState().account?.id;
    if (before === last || before === undefined) return;
    if (last === undefined) return client.clear();
    client.getMutationCache().clear();
    void client.resetQueries();
  });
}
