import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain, Problem } from "@/lib/api/problem";
import { tokensOptions } from "./get-tokens";

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/api/auth/tokens/${encodeURIComponent(id)}`),
    onSuccess: () => toast("Token revoked"),
    onError: (error) => {
      // It was already revoked: the result is the same.
      if (!(error instanceof Problem && error.status === 404))
        toast.error("The token could not be revoked", { description: explain(error) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tokensOptions().queryKey }),
  });
}
