"use client";

import { useEffect, useRef, useState } from "react";
import { notify } from "@/lib/notify";
import { saveUnfinished } from "../hooks/use-unfinished";
import { overLimit } from "../limits";
import type { Task } from "../task";
import * as words from "@/messages/list";

interface TitleEditorProps {
  task: Task;
  /** Passes on another title, or null, and the task as it was when editing began. */
  onDone: (title: string | null, seen: Task) => void;
}

/** Edits a title in its row: Enter and blur save it, and so does leaving the list; Escape does not. */
export function TitleEditor({ task, onDone }: TitleEditorProps) {
  const [seen] = useState(task);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  const typed = useRef("");
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
    return () => {
      const text = typed.current.trim();
      if (!done.current && text) saveUnfinished(seen, { title: text });
    };
  }, [seen]);

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
    onDone(keep && text && text !== seen.title ? text : null, seen);
  }

  return (
    <input
      ref={input}
      defaultValue={seen.title}
      dir="auto"
      aria-label={words.title()}
      autoComplete="off"
      onInput={(event) => (typed.current = event.currentTarget.value)}
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
