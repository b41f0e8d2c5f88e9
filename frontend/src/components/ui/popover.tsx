"use client";

import { Popover as Radix } from "radix-ui";
import { type ComponentProps, useRef } from "react";
import { cn } from "@/lib/cn";
import { floatingStyles } from "./menu";
import { useReturnFocus } from "./return-focus";

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;
export const PopoverAnchor = Radix.Anchor;
export const PopoverClose = Radix.Close;

type ContentProps = ComponentProps<typeof Radix.Content>;

export function PopoverContent(props: ContentProps) {
  return (
    <Radix.Portal>
      <Content {...props} />
    </Radix.Portal>
  );
}

/** Mounted when the popover opens. */
function Content({ className, ...props }: ContentProps) {
  const content = useRef<HTMLDivElement>(null);
  const returnFocus = useReturnFocus(content);
  return (
    <Radix.Content
      data-modal=""
      onCloseAutoFocus={returnFocus}
      sideOffset={6}
      collisionPadding={12}
      className={cn(
        floatingStyles,
        "max-h-(--radix-popover-content-available-height) w-72 max-w-[calc(100vw-1.5rem)] overflow-y-auto p-3",
        className,
      )}
      {...props}
      ref={content}
    />
  );
}
