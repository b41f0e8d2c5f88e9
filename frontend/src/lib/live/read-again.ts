import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Reads what a change has made old, also what is being read for the first time just now: that may have been read before the
 * change, and `invalidateQueries` would take it for the answer.
 */
export async function readAgain(queries: QueryClient, queryKey: QueryKey) {
  await queries.cancelQueries({ queryKey, predicate: ({ state }) => state.data === undefined });
  await queries.invalidateQueries({ queryKey });
}
