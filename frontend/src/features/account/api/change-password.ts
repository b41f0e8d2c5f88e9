import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { session } from "@/lib/session/session";
import * as words from "@/messages/security";

/** Changes the password. All sessions end, and this browser continues with a new one. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (form: Schema["NewPassword"]) =>
      session.replace(() => api.post<Schema["Session"]>("/api/auth/password", form)),
    gcTime: 0,
    onSuccess: async () => {
      toast(words.passwordChanged());
      await queries.invalidateQueries({ queryKey: ["sign-in-ways"] });
      await queries.invalidateQueries({ queryKey: ["sessions"] });
      await queries.invalidateQueries({ queryKey: ["tokens"] });
    },
  });
}
