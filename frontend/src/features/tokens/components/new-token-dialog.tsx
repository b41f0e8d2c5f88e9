"use client";

import { useState } from "react";
import { DialogContent } from "@/components/ui/dialog";
import { DialogForm } from "@/components/ui/dialog-form";
import { Field } from "@/components/ui/field";
import { ProofField, proofRefused, useProof } from "@/features/account";
import { Select } from "@/components/ui/select";
import { explain, Problem } from "@/lib/api/problem";
import * as words from "@/messages/newToken";
import { passwordMissing, yourPassword } from "@/messages/proof";
import { useCreateToken } from "../api/create-token";
import { assistantAccess, type AssistantAccess, type CreatedToken, lifetimes, type Scope } from "../token";
import { Access } from "./access";

interface Errors {
  name?: string | undefined;
  scopes?: string | undefined;
  password?: string | undefined;
  form?: string | undefined;
}

/** Asks for the token's purpose, scopes and expiry. */
export function NewTokenDialog({ onMade }: { onMade: (token: CreatedToken) => void }) {
  const [errors, setErrors] = useState<Errors>({});
  const proof = useProof();
  const create = useCreateToken();

  function submit(form: FormData) {
    const name = String(form.get("name") ?? "").trim();
    const access = form.get("access") as AssistantAccess | null;
    const chosen = access ? assistantAccess[access].scopes : (form.getAll("scopes") as Scope[]);
    const password = String(form.get("password") ?? "");
    const found: Errors = {
      name: name ? undefined : words.nameMissing(),
      scopes: chosen.length > 0 ? undefined : words.scopesMissing(),
      password: password || proof.proved ? undefined : proof.missing(passwordMissing()),
    };
    setErrors(found);
    if (found.name || found.scopes || found.password) return;
    create.mutate(
      {
        name,
        scopes: chosen,
        expires_in_days: Number(form.get("days")),
        ...(proof.proved ? {} : { password }),
      },
      {
        onSuccess: onMade,
        onError: (error) => {
          const name = error instanceof Problem ? error.of("name") : undefined;
          const password = proofRefused(error) ? proof.refused() : undefined;
          setErrors(name || password ? { name, password } : { form: explain(error) });
        },
      },
    );
  }

  return (
    <DialogContent title={words.title()} description={words.text()}>
      <DialogForm action={words.create()} error={errors.form} busy={create.isPending} onSubmit={submit}>
        <Field
          label={words.name()}
          name="name"
          autoFocus
          autoComplete="off"
          maxLength={100}
          placeholder={words.nameExample()}
          error={errors.name}
        />
        <Access error={errors.scopes} />
        <div>
          <label htmlFor="token-days" className="mb-1.5 block text-sm font-medium">
            {words.expiresAfter()}
          </label>
          <Select id="token-days" name="days" defaultValue={90}>
            {lifetimes.map(({ days, label }) => (
              <option key={days} value={days}>
                {label()}
              </option>
            ))}
          </Select>
        </div>
        <ProofField
          label={yourPassword()}
          name="password"
          hint={words.passwordWhy()}
          error={errors.password}
          proved={proof.proved}
          onProved={proof.onProved}
        />
      </DialogForm>
    </DialogContent>
  );
}
