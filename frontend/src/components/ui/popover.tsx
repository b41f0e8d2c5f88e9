"use client";

import { Popover as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { floatingStyles } from "./menu";
import { stayIfMoved } from "./return-focus";

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;
export const PopoverAnchor = Radix.Anchor;
export const PopoverClose = Radix.Close;

export function PopoverContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        data-modal=""
        onCloseAutoFocus={stayIfMoved}
        sideOffset={6}
        collisionPadding={12}
        className={cn(
          floatingStyles,
          "max-h-(--radix-popover-content-available-height) w-72 max-w-[calc(100vw-1.5rem)] overflow-y-auto p-3",
          className,
        )}
        {...props}
      />
    </Radix.Portal>
  );
}
