import {
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";

export type ManagedUser = Schema["ManagedUser"];
export type ResetLink = Schema["ResetLink"];

const usersKey = ["users"] as const;
const path = (id: string) => `/api/admin/users/${encodeURIComponent(id)}`;

/** The users by address: those with the text in the address or the name. */
export const usersOptions = (text: string) =>
  infiniteQueryOptions({
    queryKey: [...usersKey, text],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schema["ManagedUserPage"]>("/api/admin/users", {
        query: { q: text || null, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

export const useUsers = (text: string) => useInfiniteQuery(usersOptions(text));

function useAction<Input, Result>(send: (input: Input) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () => queries.invalidateQueries({ queryKey: usersKey }),
  });
}

export const useChangeUser = () =>
  useAction(({ id, ...change }: { id: string } & Schema["UserChange"]) =>
    api.patch<ManagedUser>(path(id), change),
  );

export const useEndUserSessions = () =>
  useAction(({ id, ...options }: { id: string } & Schema["EndSessions"]) =>
    api.post(`${path(id)}/end-sessions`, options),
  );

export const useResetUser = () => useAction((id: string) => api.post<ResetLink>(`${path(id)}/reset-link`));
