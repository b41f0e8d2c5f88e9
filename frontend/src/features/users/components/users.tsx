"use client";

import { Search, UserSearch } from "lucide-react";
import * as words from "@/messages/users";
import { tryAgain } from "@/messages/common";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import { useUsers } from "../api/users";
import { columns, UserRow } from "./user-row";

/** How long the search waits for more letters. */
const typing = 250;

export function Users({ own }: { own: string }) {
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), typing);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useUsers(text);
  const users = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="space-y-4">
      <div className="relative max-w-sm">
        <Search aria-hidden className="pointer-events-none absolute start-3 top-3 size-4 text-ink-3" />
        <Input
          type="search"
          aria-label={words.searchUsers()}
          placeholder={words.nameOrEmail()}
          autoComplete="off"
          maxLength={100}
          className="ps-9"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {error ? (
        <div
          role="alert"
          className="flex flex-wrap items-center justify-between gap-3 rounded-xl bg-warn-wash px-4 py-3 text-sm"
        >
          <span>{explain(error)}</span>
          <Button size="sm" onClick={() => void refetch()}>
            {tryAgain()}
          </Button>
        </div>
      ) : null}
      <p role="status" className="sr-only">
        {isPending || error
          ? ""
          : users.length === 0
            ? words.noneFound()
            : words.shown({ count: users.length })}
      </p>
      {users.length > 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          {/* On a phone each row is a card: the roles stay, whatever its boxes are. */}
          <table role="table" aria-label={words.users()} className="w-full text-sm max-md:block">
            <thead role="rowgroup" className="max-md:sr-only">
              <tr role="row" className="border-b border-line text-xs text-ink-3">
                {columns.map((name, i) => (
                  <th key={i} role="columnheader" scope="col" className="px-4 py-2.5 text-start font-medium">
                    {name === words.actions ? <span className="sr-only">{name()}</span> : name()}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup" className="divide-y divide-line max-md:block">
              {users.map((user) => (
                <UserRow key={user.id} user={user} own={user.id === own} />
              ))}
            </tbody>
          </table>
          {hasNextPage ? (
            <div className="border-t border-line p-2">
              <Button
                look="ghost"
                className="w-full"
                disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {words.more()}
              </Button>
            </div>
          ) : null}
        </div>
      ) : isPending ? (
        <div aria-hidden className="h-48 rounded-xl border border-line bg-surface" />
      ) : error ? null : (
        <div className="flex flex-col items-center rounded-xl border border-line bg-surface px-6 py-12 text-center">
          <UserSearch className="size-7 text-ink-3" aria-hidden />
          <p className="mt-3 font-medium">{words.noneFound()}</p>
          <p className="mt-1 text-sm text-ink-2">{words.noneWith({ text })}</p>
        </div>
      )}
    </div>
  );
}
