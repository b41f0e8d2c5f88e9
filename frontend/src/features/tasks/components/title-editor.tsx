"use client";

import { useEffect, useRef } from "react";
import { notify } from "@/lib/notify";
import { overLimit } from "../limits";
import * as words from "@/messages/list";

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
    const text = input.current?.value.trim() ?? "";
    const problem = keep ? overLimit({ title: text }) : null;
    if (problem) {
      // A row has no room below it.
      input.current?.setAttribute("aria-invalid", "true");
      void notify((toast) => toast.error(problem, { id: "title" }));
      return;
    }
    done.current = true;
    onDone(keep && text && text !== title ? text : null);
  }

  return (
    <input
      ref={input}
      defaultValue={title}
      dir="auto"
      aria-label={words.title()}
      autoComplete="off"
      className="-mx-1.5 h-8 min-w-0 flex-1 rounded-md border border-accent bg-raised px-1.5 outline-none aria-invalid:border-danger"
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        const row = event.currentTarget.closest<HTMLElement>("[role=row]");
        finish(event.key === "Enter");
        if (done.current) row?.focus({ preventScroll: true });
      }}
    />
  );
}
