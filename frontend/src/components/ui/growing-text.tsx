"use client";

import { type ComponentProps, useLayoutEffect, useRef } from "react";
import { cn } from "@/lib/cn";

/** Whether the browser gives a field the height of its text. Measuring it lays out the page once more. */
const growsItself = typeof CSS !== "undefined" && CSS.supports?.("field-sizing", "content");

/** A text field that grows with its text. */
export function GrowingText({ className, value, ...props }: ComponentProps<"textarea"> & { value: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || growsItself) return;
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
        "block field-sizing-content w-full resize-none overflow-hidden bg-transparent text-start wrap-anywhere outline-none",
        className,
      )}
      {...props}
    />
  );
}
