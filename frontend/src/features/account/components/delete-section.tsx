"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Section } from "@/features/settings";
import { explain, Problem } from "@/lib/api/problem";
import { useSession } from "@/lib/session/use-session";
import { formatFull } from "@/lib/time/days";
import { confirmedLately, forgetConfirmed } from "@/lib/visit";
import * as words from "@/messages/accountData";
import * as proof from "@/messages/proof";
import { useCancelDeletion, useRequestDeletion } from "../api/deletion";
import { ProofField } from "./proof-field";

export function DeleteSection() {
  const { account } = useSession();
  return (
    <Section title={words.deleteAccount()} text={words.deleteAccountText()}>
      {account?.deletes_at ? <Leaving at={account.deletes_at} /> : <Staying />}
    </Section>
  );
}

function Leaving({ at }: { at: string }) {
  const cancel = useCancelDeletion();
  return (
    <>
      <p className="text-sm">
        {words.leaving({
          when: formatFull(new Date(at)),
          time: (when) => <time dateTime={at}>{when}</time>,
        })}
      </p>
      <Button look="primary" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
        {words.keepAccount()}
      </Button>
    </>
  );
}

function Staying() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <p className="text-sm text-ink-2">{words.whatIsDeleted()}</p>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogTrigger asChild>
          <Button look="danger">{words.deleteMyAccountMore()}</Button>
        </DialogTrigger>
        <DialogContent title={words.deleteQuestion()} description={words.deleteWarning()}>
          <DeleteForm onDone={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}

function DeleteForm({ onDone }: { onDone: () => void }) {
  const { account } = useSession();
  const request = useRequestDeletion();
  const [error, setError] = useState("");
  const [proved, setProved] = useState(confirmedLately);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    if (!password && !proved) return setError(proof.passwordMissing());
    setError("");
    request.mutate(proved ? undefined : password, {
      onSuccess: onDone,
      onError: (problem) => {
        setError(
          problem instanceof Problem && problem.of("password") ? proof.passwordWrong() : explain(problem),
        );
        forgetConfirmed();
        setProved(false);
      },
    });
  }

  return (
    <form onSubmit={submit} noValidate className="space-y-4" aria-label={words.deleteTheAccount()}>
      {/* Lets password managers find the account. */}
      <input type="text" autoComplete="username" value={account?.email ?? ""} readOnly hidden />
      <ProofField
        label={proof.yourPassword()}
        name="password"
        error={error}
        proved={proved}
        onProved={() => {
          setError("");
          setProved(true);
        }}
      />
      <DialogActions>
        <DialogClose asChild>
          <Button>{proof.keepIt()}</Button>
        </DialogClose>
        <Button type="submit" look="danger" disabled={request.isPending}>
          {words.deleteMyAccount()}
        </Button>
      </DialogActions>
    </form>
  );
}
