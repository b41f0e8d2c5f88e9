import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { visit } from "@/lib/visit";

export type Identity = Schema["Identity"];
type Provider = Schema["Providers"]["providers"][number];

const base = "/api/auth/oidc";

const waysOptions = () =>
  queryOptions({
    queryKey: ["sign-in-ways"],
    queryFn: ({ signal }) => api.get<Schema["SignInWays"]>(`${base}/identities`, { signal }),
  });

/** Whether the account has a password, and the linked accounts. */
export const useWays = () => useQuery(waysOptions());

const providersOptions = () =>
  queryOptions({
    queryKey: ["providers"],
    queryFn: ({ signal }) => api.get<Schema["Providers"]>(`${base}/providers`, { signal }),
  });

/** The providers that the operator has configured. */
export const useProviders = () => useQuery(providersOptions());

/** Goes to a provider as a user who is signed in, and then back to this page. */
export const useVisit = () =>
  useMutation({
    mutationFn: async ({ provider, purpose }: { provider: Provider; purpose: "link" | "confirm" }) => {
      const body: Schema["IdentityVisitStart"] = { provider: provider.id, purpose };
      const { url } = await api.post<Schema["Departure"]>(`${base}/identities/start`, body);
      visit(url, { purpose, provider: provider.id, name: provider.name, back: location.pathname });
    },
  });

export function useUnlink() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (identity: Identity) => api.delete(`${base}/identities/${encodeURIComponent(identity.id)}`),
    onSettled: () => queries.invalidateQueries({ queryKey: waysOptions().queryKey }),
  });
}
