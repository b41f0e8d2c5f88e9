"use client";

import * as words from "@/messages/users";
import { Header } from "@/features/shell";
import { useSession } from "@/lib/session/use-session";
import { Users } from "./users";

/** The page of the users, for administrators. */
export function UsersPage() {
  const { account } = useSession();
  return (
    <>
      <Header title={words.users()} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-4xl px-4 pt-2 pb-16 lg:px-7">
          {account?.role === "admin" ? (
            <Users own={account.id} />
          ) : account ? (
            <div className="py-24 text-center">
              <h2 className="text-lg font-semibold">{words.forAdmins()}</h2>
              <p className="mt-1 text-ink-2">{words.tasksStillThere()}</p>
            </div>
          ) : null}
        </div>
      </div>
    </>
  );
}
