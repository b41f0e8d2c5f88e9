"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { LazyMenu } from "@/components/ui/lazy-menu";
import { MenuContent, MenuLabel } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { useWhole } from "@/lib/use-whole";

interface CornerMenuProps {
  /** The utility that draws its icon. */
  glyph: string;
  /** What the button says to a screen reader, which includes the title of the task. */
  label: string;
  title: string;
  heading: string;
  className?: string;
  children: ReactNode;
}

/**
 * Offers in a menu what dragging a task does. With a mouse, its button appears when the nearest `group/task` is hovered or has
 * the focus, so it is rendered a frame after the task.
 */
export function CornerMenu({ glyph, label, title, heading, className, children }: CornerMenuProps) {
  const whole = useWhole();
  if (!whole) return null;
  return (
    <LazyMenu
      trigger={(props) => (
        <Button
          look="ghost"
          size="icon-sm"
          aria-label={label}
          title={title}
          className={cn("group/menu", className)}
          {...props}
        >
          <span
            className={cn(
              "size-4 group-focus-within/task:glyph group-hover/task:glyph group-data-[state=open]/menu:glyph pointer-coarse:glyph",
              glyph,
            )}
          />
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
