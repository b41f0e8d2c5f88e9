import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Account } from "@/lib/session/account";

export const meOptions = () =>
  queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }) => api.get<Account>("/api/auth/me", { signal }),
  });

/** The signed-in user, from the server. */
export const useMe = () => useQuery(meOptions());
