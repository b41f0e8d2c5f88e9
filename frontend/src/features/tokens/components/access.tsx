"use client";

import { type ReactNode, useState } from "react";
import * as words from "@/messages/newToken";
import { assistantAccess, type AssistantAccess, scopeLabels, scriptScopes } from "../token";

/** Who will use the token, and what it may do: the field `scopes` of a script, `access` of an assistant. */
export function Access({ error }: { error?: string | undefined }) {
  const [user, setUser] = useState<"script" | "assistant">("script");
  return (
    <>
      <Choices legend={words.whatFor()}>
        <Choice
          type="radio"
          name="user"
          value="script"
          checked={user === "script"}
          onChange={() => setUser("script")}
          label={words.script()}
        />
        <Choice
          type="radio"
          name="user"
          value="assistant"
          checked={user === "assistant"}
          onChange={() => setUser("assistant")}
          label={words.assistant()}
        />
      </Choices>
      <Choices legend={words.mayDo()} error={error}>
        {user === "script"
          ? scriptScopes.map((scope) => (
              <Choice
                key={scope}
                type="checkbox"
                name="scopes"
                value={scope}
                defaultChecked={scope === "tasks:read"}
                label={scopeLabels[scope].label()}
                code={scope}
                text={scopeLabels[scope].text()}
              />
            ))
          : (Object.keys(assistantAccess) as AssistantAccess[]).map((access) => (
              <Choice
                key={access}
                type="radio"
                name="access"
                value={access}
                defaultChecked={access === "change"}
                label={assistantAccess[access].label()}
                code={assistantAccess[access].scopes.join(" ")}
                text={assistantAccess[access].text()}
              />
            ))}
      </Choices>
    </>
  );
}

function Choices({
  legend,
  error,
  children,
}: {
  legend: string;
  error?: string | undefined;
  children: ReactNode;
}) {
  return (
    <fieldset aria-describedby={error ? "scopes-error" : undefined}>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className="divide-y divide-line rounded-lg border border-line-2">{children}</div>
      {error ? (
        <p id="scopes-error" className="mt-1.5 text-sm text-danger">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}

interface ChoiceProps extends React.ComponentProps<"input"> {
  label: string;
  code?: string;
  text?: string;
}

function Choice({ label, code, text, ...input }: ChoiceProps) {
  return (
    <label className="flex cursor-pointer items-start gap-3 px-3 py-2.5 hover:bg-hover pointer-coarse:py-3">
      <input {...input} className="mt-1 size-4 shrink-0 accent-(--accent)" />
      <span className="text-sm">
        <span className="font-medium">{label}</span>
        {code ? <code className="ms-1 font-mono text-xs text-ink-3">{code}</code> : null}
        {text ? <span className="block text-ink-2">{text}</span> : null}
      </span>
    </label>
  );
}
