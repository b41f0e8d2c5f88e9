"use client";

import { Menu as MenuIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { UnsavedChanges } from "@/features/tasks";
import { lazyPart } from "@/lib/lazy-part";
import * as words from "@/messages/shell";
import { LiveIndicator } from "./live-indicator";
import { useDrawer } from "./drawer";

const NotificationBell = lazyPart(() => import("@/features/notifications").then((m) => m.NotificationBell));

interface HeaderProps {
  title: ReactNode;
  /** Whether the page is as wide as the window. */
  wide?: boolean;
  children?: ReactNode;
}

/** The header of a page: its title, its own actions, and the common ones. */
export function Header({ title, wide, children }: HeaderProps) {
  const openDrawer = useDrawer();
  return (
    <header
      className={`mx-auto flex h-14 w-full ${wide ? "" : "max-w-4xl"} shrink-0 items-center gap-1.5 px-3 sm:gap-2 lg:px-6`}
    >
      <Button
        look="ghost"
        size="icon"
        className="lg:hidden print:hidden"
        aria-label={words.openNavigation()}
        onClick={openDrawer}
      >
        <MenuIcon />
      </Button>
      <h1
        className="ms-1 min-w-0 flex-1 text-lg font-semibold max-sm:line-clamp-2 max-sm:leading-tight sm:truncate lg:text-xl print:ms-0"
        dir="auto"
      >
        {title}
      </h1>
      <div className="contents print:hidden">
        {children}
        <UnsavedChanges />
        <LiveIndicator />
        {/* Its place is kept until it has come. */}
        <div className="size-9 shrink-0 pointer-coarse:size-11">
          <NotificationBell />
        </div>
      </div>
    </header>
  );
}
