"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { explain, Problem } from "@/lib/api/problem";
import { useCreateToken } from "../api/create-token";
import { assistantAccess, type AssistantAccess, type CreatedToken, lifetimes, type Scope } from "../token";
import { Access } from "./access";

interface Errors {
  name?: string | undefined;
  scopes?: string | undefined;
  form?: string | undefined;
}

/** Asks for the token's purpose, scopes and expiry. */
export function NewTokenDialog({ onMade }: { onMade: (token: CreatedToken) => void }) {
  const [errors, setErrors] = useState<Errors>({});
  const create = useCreateToken();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "").trim();
    const access = form.get("access") as AssistantAccess | null;
    const chosen = access ? assistantAccess[access].scopes : (form.getAll("scopes") as Scope[]);
    const found: Errors = {
      name: name ? undefined : "Enter a name.",
      scopes: chosen.length > 0 ? undefined : "Choose at least one permission.",
    };
    setErrors(found);
    if (found.name || found.scopes) return;
    create.mutate(
      { name, scopes: chosen, expires_in_days: Number(form.get("days")) },
      { onSuccess: onMade, onError: (error) => setErrors(refused(error)) },
    );
  }

  return (
    <DialogContent
      title="New access token"
      description="The secret is shown once, when the token is created."
    >
      <form onSubmit={submit} noValidate className="space-y-5">
        <Field
          label="Name"
          name="name"
          autoFocus
          autoComplete="off"
          maxLength={100}
          placeholder="Backup script on my laptop"
          error={errors.name}
        />
        <Access error={errors.scopes} />
        <div>
          <label htmlFor="token-days" className="mb-1.5 block text-sm font-medium">
            Expires after
          </label>
          <Select id="token-days" name="days" defaultValue={90}>
            {lifetimes.map(({ days, label }) => (
              <option key={days} value={days}>
                {label}
              </option>
            ))}
          </Select>
        </div>
        <p role="alert" className="text-sm text-danger empty:hidden">
          {errors.form}
        </p>
        <div className="flex justify-end gap-2">
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" look="primary" disabled={create.isPending}>
            Make token
          </Button>
        </div>
      </form>
    </DialogContent>
  );
}

function refused(error: unknown): Errors {
  const name = error instanceof Problem ? error.of("name") : undefined;
  return name ? { name } : { form: explain(error) };
}
