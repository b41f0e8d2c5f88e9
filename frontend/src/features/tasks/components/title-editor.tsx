"use client";

import { useEffect, useRef } from "react";

/** Edits a title in its row: Enter and blur save it, Escape does not. */
export function TitleEditor({ title, onDone }: { title: string; onDone: (title: string | null) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  function finish(keep: boolean) {
    if (done.current) return;
    done.current = true;
    const text = input.current?.value.trim() ?? "";
    onDone(keep && text && text !== title ? text : null);
  }

  return (
    <input
      ref={input}
      defaultValue={title}
      dir="auto"
      maxLength={500}
      aria-label="Title"
      autoComplete="off"
      className="-mx-1.5 h-8 min-w-0 flex-1 rounded-md border border-accent bg-raised px-1.5 outline-none"
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        finish(event.key === "Enter");
      }}
    />
  );
}
