"use client";

import { CornerDownLeft, Plus } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useKeys } from "@/lib/keys/use-keys";
import { useQuickAdd } from "../quick-add/use-quick-add";
import { dateOf } from "../view/due";
import type { TaskQuery } from "../view/query";
import { QuickAddChips } from "./quick-add-chips";
import { QuickAddMissed } from "./quick-add-missed";

/** The input for new tasks. It shows the recognized parts before the task is created. */
export function QuickAdd({ query }: { query: TaskQuery }) {
  const input = useRef<HTMLInputElement>(null);
  const { view, project, tag } = query;
  const defaults = useMemo(
    () => ({
      project,
      tags: tag ? [tag] : [],
      // Under Today, new tasks are due today.
      due_date: view === "today" ? dateOf(new Date()) : null,
    }),
    [view, project, tag],
  );
  const { text, setText, understood, task, refuse, submit, prepare, clear } = useQuickAdd(defaults);
  // So that dates are recognized offline too.
  useEffect(() => {
    const timer = setTimeout(prepare, 2000);
    return () => clearTimeout(timer);
  }, [prepare]);
  useKeys([{ keys: "n", label: "New task", group: "Everywhere", run: () => input.current?.focus() }]);

  return (
    <form
      className="relative z-10 shrink-0"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="rounded-xl border border-line-2 bg-surface shadow-1 transition-shadow focus-within:border-accent focus-within:shadow-2">
        <div className="flex h-12 items-center gap-2.5 px-3">
          <Plus className="size-5 shrink-0 text-accent" aria-hidden />
          <input
            ref={input}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onFocus={prepare}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.preventDefault();
              if (text) clear();
              else input.current?.blur();
            }}
            aria-label="New task"
            aria-describedby="quick-add-hint"
            placeholder="Add a task"
            maxLength={600}
            autoComplete="off"
            enterKeyHint="done"
            dir="auto"
            className="peer h-full min-w-0 flex-1 bg-transparent text-start outline-none placeholder:text-ink-3"
          />
          <span
            id="quick-add-hint"
            className="hidden text-[0.8125rem] whitespace-nowrap text-ink-3 peer-placeholder-shown:peer-focus:md:inline"
          >
            tomorrow 9am · every Monday · #project · @tag · !high
          </span>
          {text ? (
            <button
              type="submit"
              aria-label="Add the task"
              className="grid size-8 place-items-center rounded-lg bg-accent text-accent-ink hover:bg-accent-strong"
            >
              <CornerDownLeft className="size-4" />
            </button>
          ) : null}
        </div>
        <QuickAddChips understood={understood} task={task} onRefuse={refuse} />
        <QuickAddMissed understood={understood} />
      </div>
    </form>
  );
}
