import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain, Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import * as words from "@/messages/security";

export type OpenSession = Schema["OpenSession"];

/** The open sessions, newest first. */
const sessionsOptions = () =>
  infiniteQueryOptions({
    queryKey: ["sessions"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schema["SessionPage"]>("/api/auth/sessions", { query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const useSessions = () => useInfiniteQuery(sessionsOptions());

/** Ends a session, or without an id all others. */
export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string | null) =>
      api.delete(id ? `/api/auth/sessions/${encodeURIComponent(id)}` : "/api/auth/sessions"),
    onSuccess: (_, id) => toast(id ? words.sessionEnded() : words.othersEnded()),
    onError: (error) => {
      // It had already ended: the result is the same.
      if (!(error instanceof Problem && error.status === 404))
        toast.error(words.notEnded(), { description: explain(error) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsOptions().queryKey }),
  });
}
