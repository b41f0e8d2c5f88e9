import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/api/problem";
import type { Account } from "@/lib/session/account";
import { session } from "@/lib/session/session";
import * as words from "@/messages/accountData";

/** Has the account deleted in seven days. */
export function useRequestDeletion() {
  return useMutation({
    mutationFn: (password: string | undefined) =>
      api.post<Account>("/api/auth/deletion", password === undefined ? {} : { password }),
    gcTime: 0,
    onSuccess: (account) => session.update(account),
  });
}

/** Keeps the account after all. */
export function useCancelDeletion() {
  return useMutation({
    mutationFn: () => api.delete("/api/auth/deletion"),
    onSuccess: () => {
      const { account } = session.state;
      if (account) {
        const { deletes_at: _, ...kept } = account;
        session.update(kept);
      }
      toast(words.accountStays());
    },
    onError: (error) => toast.error(words.notCanceled(), { description: explain(error) }),
  });
}
