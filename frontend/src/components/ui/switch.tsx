"use client";

import { Switch as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        // The hit area of a finger is larger than what is seen.
        "relative h-6 w-10.5 shrink-0 rounded-full border border-ink-3 bg-sunken transition-colors disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent pointer-coarse:after:absolute pointer-coarse:after:-inset-x-1 pointer-coarse:after:-inset-y-3",
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="block size-4 translate-x-[3px] rounded-full bg-ink-3 transition-transform data-[state=checked]:translate-x-[1.3125rem] data-[state=checked]:bg-accent-ink rtl:-translate-x-[3px] rtl:data-[state=checked]:-translate-x-[1.3125rem]" />
    </Radix.Root>
  );
}
