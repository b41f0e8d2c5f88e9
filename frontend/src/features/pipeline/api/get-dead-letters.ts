import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";

export type DeadLetterFilter = "open" | "redriven" | "all";

/** All queries about dead letters have this prefix. */
export const deadLettersKey = ["pipeline", "dead-letters"] as const;

/** The dead letters, newest first. */
export const deadLettersOptions = (status: DeadLetterFilter) =>
  infiniteQueryOptions({
    queryKey: [...deadLettersKey, "list", status],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schema["DeadLetterPage"]>("/api/admin/dead-letters", {
        query: { status, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 5_000,
  });

export const useDeadLetters = (status: DeadLetterFilter, enabled: boolean) =>
  useInfiniteQuery({ ...deadLettersOptions(status), enabled });
