import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api/client";
import type { Token } from "../token";

/** The tokens that were not revoked, newest first. */
export const tokensOptions = () =>
  infiniteQueryOptions({
    queryKey: ["tokens"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Token>>("/api/auth/tokens", { query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const useTokens = () => useInfiniteQuery(tokensOptions());
