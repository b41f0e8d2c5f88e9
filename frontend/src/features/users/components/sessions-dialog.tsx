"use client";

import * as words from "@/messages/users";
import { useState } from "react";
import { toast } from "sonner";
import { DialogContent } from "@/components/ui/dialog";
import { type ManagedUser, useEndUserSessions } from "../api/users";
import { Answers } from "./answers";

/** Asks whether the sessions of a user end. */
export function SessionsDialog({ user, onDone }: { user: ManagedUser; onDone: () => void }) {
  const [tokens, setTokens] = useState(false);
  const end = useEndUserSessions();
  return (
    <DialogContent title={words.endName(user)} description={words.endText(user)}>
      <label className="mb-4 flex cursor-pointer items-center gap-3 rounded-lg border border-line-2 px-3 py-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-(--accent)"
          checked={tokens}
          onChange={(event) => setTokens(event.target.checked)}
        />
        {words.revokeTokens()}
      </label>
      <Answers
        button={words.endSessions()}
        danger
        busy={end.isPending}
        error={end.error}
        onYes={() =>
          end.mutate(
            { id: user.id, revoke_tokens: tokens },
            {
              onSuccess: () => {
                toast(words.sessionsEnded());
                onDone();
              },
            },
          )
        }
      />
    </DialogContent>
  );
}
