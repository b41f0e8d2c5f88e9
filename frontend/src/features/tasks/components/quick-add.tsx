"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CornerDownLeft, Plus } from "lucide-react";
import { useEffect, useEffectEvent, useId, useMemo, useRef, useState } from "react";
import { lazyPart } from "@/lib/lazy-part";
import { useKeys } from "@/lib/keys/use-keys";
import { useNow } from "@/lib/time/now";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { addLines } from "../quick-add/add-lines";
import { joined, linesOf, mostLines, type Pasted, without } from "../quick-add/lines";
import { onBeginTask } from "../quick-add/requests";
import { sayWhereItWent } from "../quick-add/where-it-went";
import { useQuickAdd } from "../quick-add/use-quick-add";
import { problemProps } from "../problem-props";
import { dateOf } from "../view/due";
import type { TaskQuery } from "../view/query";
import { FieldProblem } from "./field-problem";

const QuickAddChips = lazyPart(() => import("./quick-add-chips").then((m) => m.QuickAddChips));
const QuickAddMissed = lazyPart(() => import("./quick-add-missed").then((m) => m.QuickAddMissed));
const QuickAddLines = lazyPart(() => import("./quick-add-lines").then((m) => m.QuickAddLines));
import * as words from "@/messages/quickAdd";

const QuickAddCompletion = lazyPart(() => import("./quick-add-completion").then((m) => m.QuickAddCompletion));

/** The input for new tasks. It shows the recognized parts before the task is created. */
export function QuickAdd({ query }: { query: TaskQuery }) {
  const input = useRef<HTMLInputElement>(null);
  const { view, project, tag } = query;
  const today = dateOf(new Date(useNow()));
  const given = useMemo(
    () => ({
      project,
      tags: tag ? [tag] : [],
      // Under Today, new tasks are due today.
      due_date: view === "today" ? today : null,
    }),
    [view, project, tag, today],
  );
  const { text, setText, understood, task, defaults, problem, refuse, submit, prepare, clear, picked, pick } =
    useQuickAdd(given);
  const [pasted, setPasted] = useState<Pasted | null>(null);
  // The offer stands as long as the text is that of the pasted lines.
  const offered = pasted && pasted.lines.length > 1 && joined(pasted) === text ? pasted : null;
  const fill = (next: Pasted) => {
    setPasted(next);
    setText(joined(next));
  };
  const problemId = useId();
  const setQuery = useSetTaskQuery();
  const client = useQueryClient();
  // So that dates are recognized offline too.
  useEffect(() => {
    const timer = setTimeout(prepare, 2000);
    return () => clearTimeout(timer);
  }, [prepare]);
  const begin = useEffectEvent((change: (text: string) => string) => {
    setText(change(text));
    input.current?.focus();
  });
  useEffect(() => onBeginTask((change) => begin(change)), []);
  useKeys([{ command: "new", run: () => input.current?.focus() }]);

  return (
    <form
      className="relative z-10 shrink-0"
      onSubmit={(event) => {
        event.preventDefault();
        void submit().then((id) => id && void sayWhereItWent(id, query, setQuery));
      }}
    >
      <div className="@container rounded-xl border border-line-2 bg-surface shadow-1 transition-shadow focus-within:border-accent focus-within:shadow-2">
        <div className="flex h-12 items-center gap-2.5 px-3">
          <Plus className="size-5 shrink-0 text-accent" aria-hidden />
          <input
            ref={input}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onFocus={prepare}
            onPaste={(event) => {
              const lines = linesOf(event.clipboardData.getData("text"));
              if (lines.length === 0) return;
              event.preventDefault();
              const { selectionStart, selectionEnd } = event.currentTarget;
              const [from, to] = [selectionStart ?? text.length, selectionEnd ?? text.length];
              fill({ around: [text.slice(0, from), text.slice(to)], lines, rest: false });
            }}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.preventDefault();
              if (text) clear();
              else input.current?.blur();
            }}
            role="combobox"
            aria-autocomplete="list"
            aria-controls="quick-add-names"
            aria-expanded={false}
            aria-label={words.newTask()}
            aria-describedby="quick-add-hint"
            placeholder={words.placeholder()}
            {...problemProps(problemId, problem)}
            autoComplete="off"
            enterKeyHint="done"
            dir="auto"
            className="peer h-full min-w-0 flex-1 bg-transparent text-start outline-none placeholder:text-ink-3"
          />
          <span
            id="quick-add-hint"
            className="hidden text-[0.8125rem] whitespace-nowrap text-ink-3 peer-placeholder-shown:peer-focus:@xl:inline"
          >
            {words.hint()}
          </span>
          {text ? (
            <button
              type="submit"
              aria-label={words.addTask()}
              className="grid size-8 place-items-center rounded-lg bg-accent text-accent-ink hover:bg-accent-strong pointer-coarse:size-11"
            >
              <CornerDownLeft className="size-4" />
            </button>
          ) : null}
        </div>
        {text || picked.project || picked.tag ? (
          <>
            <QuickAddChips
              understood={understood}
              task={task}
              onRefuse={refuse}
              picked={picked}
              onDrop={(kind) => pick(kind, null)}
            />
            <QuickAddMissed understood={understood} />
          </>
        ) : null}
        {problem ? (
          <div className="border-t border-line px-3 py-1">
            <FieldProblem id={problemId}>{problem}</FieldProblem>
          </div>
        ) : null}
        {offered ? (
          <QuickAddLines
            pasted={offered}
            onMany={() => {
              clear();
              fill(without(offered));
              void addLines(client, offered.lines.slice(0, mostLines), defaults);
            }}
            onOne={() => {
              setPasted(null);
              input.current?.focus();
            }}
          />
        ) : null}
      </div>
      <QuickAddCompletion input={input} text={text} setText={setText} onPick={pick} />
    </form>
  );
}
