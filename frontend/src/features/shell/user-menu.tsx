"use client";

import { ChevronsUpDown } from "lucide-react";
import { lazyItems, LazyMenu } from "@/components/ui/lazy-menu";
import * as words from "@/messages/shell";
import { useSession } from "@/lib/session/use-session";

const Items = lazyItems(() => import("./user-menu-items").then((m) => m.UserMenuItems));

export function UserMenu() {
  const { account } = useSession();
  const name = account?.name ?? "";
  return (
    <LazyMenu
      trigger={(props) => (
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-start hover:bg-hover aria-expanded:bg-hover"
          {...props}
        >
          <span
            aria-hidden
            className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-wash text-sm font-semibold text-accent"
          >
            {Array.from(name)[0]?.toUpperCase() ?? ""}
          </span>
          <span className="min-w-0 flex-1 leading-tight">
            <span className="block truncate text-sm font-medium" dir="auto">
              {name || "\u00a0"}
            </span>
            <span className="block truncate text-xs text-ink-3">{account?.email ?? "\u00a0"}</span>
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-ink-3" aria-hidden />
          <span className="sr-only">{words.accountMenu()}</span>
        </button>
      )}
    >
      <Items />
    </LazyMenu>
  );
}
