import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { askPasskey } from "@/lib/passkey";

/** Confirms to the server that the user is there: with the password, or without one with a passkey. */
export const useConfirm = () =>
  useMutation({
    mutationFn: async (password: string | null) => {
      const proof =
        password === null
          ? {
              passkey: await askPasskey(
                await api.post<Schema["PasskeyOptions"]>("/api/auth/confirm/options"),
              ),
            }
          : { password };
      await api.post("/api/auth/confirm", proof);
    },
    gcTime: 0,
  });
