"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Section } from "@/features/settings";
import { explain } from "@/lib/api/problem";
import { useSession } from "@/lib/session/use-session";
import { formatFull } from "@/lib/time/days";
import * as words from "@/messages/accountData";
import { keepIt, passwordMissing, yourPassword } from "@/messages/proof";
import { useCancelDeletion, useRequestDeletion } from "../api/deletion";
import { ProofField } from "./proof-field";
import { proofRefused, useProof } from "./use-proof";

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
  const [errors, setErrors] = useState<{ proof?: string; form?: string }>({});
  const proof = useProof();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    if (!password && !proof.proved) return setErrors({ proof: proof.missing(passwordMissing()) });
    setErrors({});
    request.mutate(proof.proved ? undefined : password, {
      onSuccess: onDone,
      onError: (error) =>
        setErrors(proofRefused(error) ? { proof: proof.refused() } : { form: explain(error) }),
    });
  }

  return (
    <form onSubmit={submit} noValidate className="space-y-4" aria-label={words.deleteTheAccount()}>
      {/* Lets password managers find the account. */}
      <input type="text" autoComplete="username" value={account?.email ?? ""} readOnly hidden />
      <ProofField
        label={yourPassword()}
        name="password"
        error={errors.proof}
        proved={proof.proved}
        onProved={() => {
          setErrors({});
          proof.onProved();
        }}
      />
      <p role="alert" className="text-sm text-danger empty:hidden">
        {errors.form}
      </p>
      <DialogActions>
        <DialogClose asChild>
          <Button>{keepIt()}</Button>
        </DialogClose>
        <Button type="submit" look="danger" disabled={request.isPending}>
          {words.deleteMyAccount()}
        </Button>
      </DialogActions>
    </form>
  );
}
