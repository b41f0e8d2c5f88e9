"use client";

import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import * as words from "@/messages/panel";

interface ValueButtonProps extends ComponentProps<"button"> {
  /** The name of the value, for screen readers: “Due: Tomorrow, 09:00”. */
  label?: string;
  unset?: boolean;
}

/** A value that can be changed: looks like text, and like a button on hover or focus. */
export function ValueButton({ className, unset, label, children, ...props }: ValueButtonProps) {
  return (
    <button
      type="button"
      className={cn(
        "-ms-2 max-w-full truncate rounded-lg px-2 py-1.5 text-start hover:bg-hover data-[state=open]:bg-hover pointer-coarse:min-h-11 pointer-coarse:min-w-11",
        unset && "text-ink-3",
        className,
      )}
      {...props}
    >
      {label ? <span className="sr-only">{words.nameOf({ name: label })}</span> : null}
      {children}
    </button>
  );
}
