import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";

export type TrashedTask = Schema["TrashedTask"];

/** The deleted tasks that can be restored, latest first. */
export const trashOptions = () =>
  infiniteQueryOptions({
    queryKey: ["trash"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schema["TrashPage"]>("/api/todos/trash", { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const useTrash = () => useInfiniteQuery(trashOptions());
