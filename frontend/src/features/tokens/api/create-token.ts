import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { CreatedToken, NewToken } from "../token";
import { tokensOptions } from "./get-tokens";

/** Creates a token. Only the response has its secret: the caller keeps it in memory and shows it. */
export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: NewToken) => api.post<CreatedToken>("/api/auth/tokens", token),
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensOptions().queryKey }),
  });
}
