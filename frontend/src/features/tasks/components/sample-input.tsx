"use client";

import { CornerDownLeft, Plus } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { loadOtherLanguage, otherLanguage } from "@/lib/quickadd/languages";
import { QuickAddChips } from "./quick-add-chips";
import { readWith } from "../quick-add/read";
import { describeRule } from "../recurrence/describe-rule";
import { describeDue } from "../view/due";
import type { Priority } from "../task";
import * as words from "@/messages/sample";

/** A task of the sample on the first page, which is nowhere else. */
export interface SampleTask {
  id: string;
  title: string;
  note: string;
  priority: Priority;
  done: boolean;
}

const longest = 500;

/** Reads a task as the app does, and adds it to the sample. */
export function SampleInput({ onAdd }: { onAdd: (task: SampleTask) => void }) {
  const [text, setText] = useState(words.example);
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const [spoken, setSpoken] = useState(otherLanguage);
  useEffect(() => void loadOtherLanguage().then(() => setSpoken(otherLanguage())), []);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- its words may come after the first text
  const { understood, task } = useMemo(() => readWith(text, refused, 0), [text, refused, spoken]);

  function add() {
    if (!task.title) return;
    const { due_at = null, due_date = null, recurrence, priority = "none", project } = task;
    const note = [
      recurrence ? describeRule(recurrence.rrule) : describeDue({ due_at, due_date }, Date.now()),
      project ? `#${project}` : null,
    ];
    onAdd({
      id: crypto.randomUUID(),
      title: task.title,
      note: note.filter(Boolean).join(" · "),
      priority,
      done: false,
    });
    setText("");
    setRefused(new Set());
  }

  return (
    <form
      className="rounded-xl border border-line-2 bg-raised focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div className="flex h-12 items-center gap-2.5 px-3">
        <Plus className="size-5 shrink-0 text-accent" aria-hidden />
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={words.taskToTry()}
          placeholder={words.placeholder()}
          autoComplete="off"
          enterKeyHint="done"
          maxLength={longest}
          dir="auto"
          className="h-full min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
        <button
          type="submit"
          aria-label={words.addToSample()}
          className="grid size-8 place-items-center rounded-lg bg-accent text-accent-ink hover:bg-accent-strong pointer-coarse:size-11"
        >
          <CornerDownLeft className="size-4" />
        </button>
      </div>
      <QuickAddChips
        understood={understood}
        task={task}
        picked={{}}
        onDrop={() => {}}
        onRefuse={(said) => setRefused((now) => new Set([...now, said.toLowerCase()]))}
      />
    </form>
  );
}
