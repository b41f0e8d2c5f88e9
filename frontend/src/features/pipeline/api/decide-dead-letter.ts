import * as words from "@/messages/pipeline";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/api/problem";

const path = (id: string) => `/api/admin/dead-letters/${encodeURIComponent(id)}`;

function useDecision(send: (id: string) => Promise<unknown>, done: () => string, failed: () => string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => toast(done()),
    onError: (error) => toast.error(failed(), { description: explain(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["pipeline"] }),
  });
}

/** Sends the original event again to the consumer that failed. */
export const useRedrive = () =>
  useDecision((id) => api.post(`${path(id)}/redrive`), words.sentAgain, words.notSentAgain);

export const useDiscard = () =>
  useDecision((id) => api.delete(path(id)), words.discarded, words.notDiscarded);
