"use client";

import { Menu as MenuIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { lazyPart } from "@/lib/lazy-part";
import { LiveIndicator } from "./live-indicator";
import { useDrawer } from "./drawer";

const NotificationBell = lazyPart(() => import("@/features/notifications").then((m) => m.NotificationBell));

/** The header of a page: its title, its own actions, and the common ones. */
export function Header({ title, children }: { title: ReactNode; children?: ReactNode }) {
  const openDrawer = useDrawer();
  return (
    <header className="mx-auto flex h-14 w-full max-w-4xl shrink-0 items-center gap-1.5 px-3 sm:gap-2 lg:px-6">
      <Button
        look="ghost"
        size="icon"
        className="lg:hidden"
        aria-label="Open the navigation"
        onClick={openDrawer}
      >
        <MenuIcon />
      </Button>
      <h1 className="ml-1 min-w-0 flex-1 truncate text-lg font-semibold lg:text-xl" dir="auto">
        {title}
      </h1>
      {children}
      <LiveIndicator />
      {/* Its place is kept until it has come. */}
      <div className="size-9 shrink-0">
        <NotificationBell />
      </div>
    </header>
  );
}
