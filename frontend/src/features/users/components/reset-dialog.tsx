"use client";

import * as words from "@/messages/users";
import { copy } from "@/messages/common";
import { toast } from "sonner";
import { CopyButton } from "@/components/ui/copy-button";
import { DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { type ManagedUser, useResetUser } from "../api/users";
import { Answers } from "./answers";

/** Sends a user a link for a new password, or shows it where no mail is sent. */
export function ResetDialog({ user, onDone }: { user: ManagedUser; onDone: () => void }) {
  const reset = useResetUser();
  if (reset.data?.url) {
    return (
      <DialogContent title={words.linkTitle()} description={words.linkText(user)}>
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Field
              label={words.link()}
              readOnly
              value={reset.data.url}
              onFocus={(event) => event.target.select()}
            />
          </div>
          <CopyButton label={words.copyLink()} text={reset.data.url} className="h-10">
            {copy()}
          </CopyButton>
        </div>
      </DialogContent>
    );
  }
  return (
    <DialogContent title={words.resetName(user)} description={words.resetText(user)}>
      <Answers
        button={words.createLink()}
        danger={false}
        busy={reset.isPending}
        error={reset.error}
        onYes={() =>
          reset.mutate(user.id, {
            onSuccess: ({ mailed }) => {
              if (!mailed) return;
              toast(words.linkSent(user));
              onDone();
            },
          })
        }
      />
    </DialogContent>
  );
}
