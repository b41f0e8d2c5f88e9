"use client";

import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { LazyMenu } from "@/components/ui/lazy-menu";
import { MenuContent, MenuLabel } from "@/components/ui/menu";
import { cn } from "@/lib/cn";

interface CornerMenuProps {
  icon: LucideIcon;
  /** What the button says to a screen reader, which includes the title of the task. */
  label: string;
  title: string;
  heading: string;
  className?: string;
  children: ReactNode;
}

/** What dragging a task does as well. With a mouse its button appears in what is pointed at, the nearest `group/task`. */
export function CornerMenu({ icon: Icon, label, title, heading, className, children }: CornerMenuProps) {
  return (
    <LazyMenu
      trigger={(props) => (
        <Button
          look="ghost"
          size="icon-sm"
          aria-label={label}
          title={title}
          className={cn(
            "data-[state=open]:opacity-100 pointer-fine:opacity-0 pointer-fine:group-focus-within/task:opacity-100 pointer-fine:group-hover/task:opacity-100",
            className,
          )}
          {...props}
        >
          <Icon />
        </Button>
      )}
    >
      <MenuContent align="end" className="max-h-80 max-w-72 overflow-y-auto">
        <MenuLabel>{heading}</MenuLabel>
        {children}
      </MenuContent>
    </LazyMenu>
  );
}
