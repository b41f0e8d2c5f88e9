"use client";

import * as words from "@/messages/users";
import { formatNumber } from "@/lib/words/per-locale";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { formatDay, formatFull } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import type { ManagedUser } from "../api/users";
import { formatBytes } from "@/lib/bytes";
import { UserActions } from "./user-actions";

export const columns = [words.user, words.lastSeen, words.sessions, words.usage, words.actions];

export function UserRow({ user, own }: { user: ManagedUser; own: boolean }) {
  return (
    <tr
      role="row"
      className="max-md:relative max-md:grid max-md:grid-cols-[auto_1fr] max-md:gap-x-3 max-md:gap-y-1 max-md:px-4 max-md:py-3.5"
    >
      <th
        role="rowheader"
        scope="row"
        className="px-4 py-3 text-start font-normal max-md:col-span-2 max-md:p-0 max-md:pe-10"
      >
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium wrap-anywhere" dir="auto">
            {user.name}
          </span>
          {own ? <Badge>{words.you()}</Badge> : null}
          {user.role === "admin" ? <Badge>{words.admin()}</Badge> : null}
          {user.disabled_at ? <Badge warn>{words.disabled()}</Badge> : null}
        </span>
        <span className="block wrap-anywhere text-ink-2">{user.email}</span>
      </th>
      <Cell label={words.lastSeen()}>
        {user.last_seen_at ? (
          <Day at={user.last_seen_at} />
        ) : (
          <span className="text-ink-3">{words.never()}</span>
        )}
      </Cell>
      <Cell label={words.sessions()}>
        {formatNumber(user.sessions)}
        {user.tokens > 0 ? (
          <span className="text-ink-3"> {words.plusTokens({ count: user.tokens })}</span>
        ) : null}
      </Cell>
      <Cell label={words.usage()}>
        <Kept
          amount={words.tasks({ count: user.tasks })}
          bound={user.max_tasks === null ? undefined : formatNumber(user.max_tasks)}
        />
        <span aria-hidden className="md:hidden">
          {" · "}
        </span>
        <Kept
          amount={formatBytes(user.bytes)}
          bound={user.max_bytes === null ? undefined : formatBytes(user.max_bytes)}
        />
      </Cell>
      <td role="cell" className="px-3 py-3 text-end max-md:absolute max-md:end-2.5 max-md:top-2.5 max-md:p-0">
        {own ? null : <UserActions user={user} />}
      </td>
    </tr>
  );
}

function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <td role="cell" className="px-4 py-3 whitespace-nowrap text-ink-2 tabular-nums max-md:contents">
      <span aria-hidden className="text-ink-3 md:hidden">
        {label}
      </span>
      <span>{children}</span>
    </td>
  );
}

function Kept({ amount, bound }: { amount: string; bound: string | undefined }) {
  return (
    <span className="md:block">
      {amount}
      {bound ? <span className="text-ink-3"> {words.ofMost({ most: bound })}</span> : null}
    </span>
  );
}

function Day({ at }: { at: string }) {
  const now = useNow();
  const day = new Date(at);
  return (
    <time dateTime={at} title={formatFull(day)}>
      {formatDay(day, now)}
    </time>
  );
}

function Badge({ warn = false, children }: { warn?: boolean; children: ReactNode }) {
  return (
    <span
      className={cn(
        "rounded-md px-1.5 py-0.5 text-xs font-medium whitespace-nowrap",
        warn ? "bg-danger-wash text-danger" : "bg-accent-wash text-accent",
      )}
    >
      {children}
    </span>
  );
}
