"use client";

import * as words from "@/messages/users";
import { remove } from "@/messages/common";
import { toast } from "sonner";
import { DialogContent } from "@/components/ui/dialog";
import type { Schema } from "@/lib/api/schema";
import { type ManagedUser, useChangeUser } from "../api/users";
import { Answers } from "./answers";

export type ChangeKind = "disable" | "enable" | "promote" | "demote";

interface Question {
  change: Schema["UserChange"];
  title: (user: { name: string }) => string;
  text: (user: { email: string }) => string;
  button: () => string;
  done: () => string;
}

const questions: Record<ChangeKind, Question> = {
  disable: {
    change: { disabled: true },
    title: words.disableName,
    text: words.disableText,
    button: words.disable,
    done: words.userDisabled,
  },
  enable: {
    change: { disabled: false },
    title: words.enableName,
    text: words.enableText,
    button: words.enable,
    done: words.userEnabled,
  },
  promote: {
    change: { role: "admin" },
    title: words.promoteName,
    text: words.promoteText,
    button: words.promote,
    done: words.promoted,
  },
  demote: {
    change: { role: "user" },
    title: words.demoteName,
    text: words.demoteText,
    button: remove,
    done: words.demoted,
  },
};

interface ChangeDialogProps {
  user: ManagedUser;
  kind: ChangeKind;
  onDone: () => void;
}

/** Asks whether the state or the role of a user changes. */
export function ChangeDialog({ user, kind, onDone }: ChangeDialogProps) {
  const { change, title, text, button, done } = questions[kind];
  const send = useChangeUser();
  return (
    <DialogContent title={title(user)} description={text(user)}>
      <Answers
        button={button()}
        danger={kind === "disable" || kind === "demote"}
        busy={send.isPending}
        error={send.error}
        onYes={() =>
          send.mutate(
            { id: user.id, ...change },
            {
              onSuccess: () => {
                toast(done());
                onDone();
              },
            },
          )
        }
      />
    </DialogContent>
  );
}
