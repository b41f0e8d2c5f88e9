import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";

/** The tokens that are not revoked, newest first. */
export const tokensOptions = () =>
  infiniteQueryOptions({
    queryKey: ["tokens"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schema["TokenPage"]>("/api/auth/tokens", { query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const useTokens = () => useInfiniteQuery(tokensOptions());
