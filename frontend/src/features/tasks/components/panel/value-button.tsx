import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** A value that can be changed: looks like text, and like a button on hover or focus. */
export function ValueButton({ className, unset, ...props }: ComponentProps<"button"> & { unset?: boolean }) {
  return (
    <button
      type="button"
      className={cn(
        "-ml-2 max-w-full truncate rounded-lg px-2 py-1.5 text-left hover:bg-hover data-[state=open]:bg-hover",
        unset && "text-ink-3",
        className,
      )}
      {...props}
    />
  );
}
