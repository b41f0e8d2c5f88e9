import {
  infiniteQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain, Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import * as words from "@/messages/apps";

export type ConnectedApp = Schema["ConnectedApp"];

const appsOptions = () =>
  infiniteQueryOptions({
    queryKey: ["apps"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schema["AppPage"]>("/api/auth/apps", { query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** The connected apps, newest first. */
export const useApps = () => useInfiniteQuery(appsOptions());

export function useDisconnect() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (app: ConnectedApp) => api.delete(`/api/auth/apps/${encodeURIComponent(app.id)}`),
    onSuccess: (_, app) => toast(words.disconnected({ app: app.name })),
    onError: (error) => {
      // It was disconnected already: the result is the same.
      if (!(error instanceof Problem && error.status === 404))
        toast.error(words.notDisconnected(), { description: explain(error) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: appsOptions().queryKey }),
  });
}

/** What an app asks for with the query of its authorization request; null waits for it. */
export const useConsent = (request: string | null) =>
  useQuery({
    queryKey: ["consent", request],
    queryFn: ({ signal }) =>
      api.get<Schema["ConsentRequest"]>(`/api/auth/oauth/consent?${request ?? ""}`, { signal }),
    enabled: request !== null,
    retry: false,
    staleTime: Infinity,
  });

export const useAnswer = () =>
  useMutation({
    mutationFn: (answer: Schema["ConsentAnswer"]) =>
      api.post<Schema["ConsentRedirect"]>("/api/auth/oauth/consent", answer),
  });
