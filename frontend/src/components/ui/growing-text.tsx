"use client";

import { type ComponentProps, useLayoutEffect, useRef } from "react";
import { cn } from "@/lib/cn";

/** A text field that grows with its text. */
export function GrowingText({ className, value, ...props }: ComponentProps<"textarea"> & { value: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [value]);
  return (
    <textarea
      ref={field}
      value={value}
      rows={1}
      dir="auto"
      className={cn(
        "block w-full resize-none overflow-hidden bg-transparent text-start wrap-anywhere outline-none",
        className,
      )}
      {...props}
    />
  );
}
