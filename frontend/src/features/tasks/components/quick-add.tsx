"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { createTask } from "../changes";
import type { TaskQuery } from "../view/query";

export function QuickAdd({ query }: { query: TaskQuery }) {
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  function submit(event: FormEvent) {
    event.preventDefault();
    const title = text.trim();
    if (!title) return;
    createTask({ title, project: query.project, tags: query.tag ? [query.tag] : [] });
    setText("");
  }
  return (
    <form onSubmit={submit} className="shrink-0">
      <div className="flex h-12 items-center gap-2 rounded-xl border border-line-2 bg-surface px-3 shadow-1 focus-within:border-accent">
        <Plus className="size-5 text-accent" aria-hidden />
        <input
          ref={input}
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label="New task"
          placeholder="Add a task"
          maxLength={500}
          autoComplete="off"
          className="h-full min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
      </div>
    </form>
  );
}
