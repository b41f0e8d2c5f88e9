import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain, Problem } from "@/lib/api/problem";
import * as words from "@/messages/tokens";
import { tokensOptions } from "./get-tokens";

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/api/auth/tokens/${encodeURIComponent(id)}`),
    onSuccess: () => toast(words.revoked()),
    onError: (error) => {
      // It was already revoked: the result is the same.
      if (!(error instanceof Problem && error.status === 404))
        toast.error(words.notRevoked(), { description: explain(error) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tokensOptions().queryKey }),
  });
}
