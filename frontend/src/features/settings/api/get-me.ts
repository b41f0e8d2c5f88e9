import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Account } from "@/lib/session/account";

export const meOptions = () =>
  queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }) => api.get<Account>("/api/auth/me", { signal }),
  });

/** Who is signed in, as the server has it now. */
export const useMe = () => useQuery(meOptions());
