import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { createPasskey } from "@/lib/passkey";
import * as words from "@/messages/factors";

export type Factors = Schema["Factors"];
export type Passkey = Schema["Passkey"];
export type Added = Schema["AddedFactor"];

const base = "/api/auth/factors";

const factorsOptions = () =>
  queryOptions({ queryKey: ["factors"], queryFn: ({ signal }) => api.get<Factors>(base, { signal }) });

export const useFactors = () => useQuery(factorsOptions());

/** A change of the factors, after which the list is fetched again. */
function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>, done?: () => string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    gcTime: 0, // a secret must not stay in memory
    onSuccess: () => {
      if (done) toast(done());
    },
    onSettled: () => queries.invalidateQueries({ queryKey: factorsOptions().queryKey }),
  });
}

export const useAddPasskey = () =>
  useChange(async (name: string) => {
    const options = await api.post<Schema["PasskeyOptions"]>(`${base}/passkeys/options`);
    return api.post<Added>(`${base}/passkeys`, { name, passkey: await createPasskey(options) });
  }, words.passkeyAdded);

export const useRenamePasskey = () =>
  useChange(({ id, name }: { id: string; name: string }) =>
    api.patch<Passkey>(`${base}/passkeys/${encodeURIComponent(id)}`, { name }),
  );

export const useRemovePasskey = () =>
  useChange((id: string) => api.delete(`${base}/passkeys/${encodeURIComponent(id)}`), words.passkeyRemoved);

export const useSetUpTotp = () => useChange((_: void) => api.post<Schema["TotpSetup"]>(`${base}/totp`));

export const useConfirmTotp = () =>
  useChange((code: string) => api.post<Added>(`${base}/totp/confirm`, { code }), words.appAdded);

export const useRemoveTotp = () => useChange((_: void) => api.delete(`${base}/totp`), words.appRemoved);

export const useNewRecoveryCodes = () => useChange((_: void) => api.post<Added>(`${base}/recovery-codes`));
