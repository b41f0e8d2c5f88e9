"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { askBeforeLeaving } from "@/lib/ask-before-leaving";
import { patchOf, patchTask } from "../changes";
import { overLimit } from "../limits";
import { recurs } from "../series-question";
import { taskStore } from "../store";
import type { Task } from "../task";

/**
 * A text of a task while the user edits it. Changes from elsewhere do not affect it; the patch is based on the version
 * seen when editing began, so that a conflict is detected.
 */
export function useDraft(task: Task, field: "title" | "description", pause?: number) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const seen = useRef<Task | null>(null);
  const latest = useRef(draft);

  const commit = useCallback(() => {
    const text = latest.current;
    const base = seen.current;
    if (text === null || !base) return;
    const value = field === "title" ? text.trim() : text;
    const over = overLimit({ [field]: value });
    setProblem(over);
    if (over) return;
    if (value !== "" || field !== "title") patchTask(base.id, { [field]: value }, base);
    seen.current = latest.current = null;
    setDraft(null);
  }, [field]);

  const change = useCallback(
    (text: string) => {
      seen.current ??= task;
      latest.current = text;
      setDraft(text);
      if (problem) setProblem(overLimit({ [field]: text }));
    },
    [task, field, problem],
  );

  const cancel = useCallback(() => {
    seen.current = latest.current = null;
    setDraft(null);
    setProblem(null);
  }, []);

  // A long text is saved from time to time, and when the user leaves the task. If it recurs, only then: saving it asks a
  // question.
  const asks = recurs(task);
  useEffect(() => {
    if (draft === null || pause === undefined || asks) return;
    const timer = setTimeout(commit, pause);
    return () => clearTimeout(timer);
  }, [draft, pause, asks, commit]);
  useEffect(() => (draft !== null && asks ? askBeforeLeaving() : undefined), [draft, asks]);
  useEffect(
    () => () => {
      commit();
      // A text that is too long is not saved, and not lost either.
      const [text, base] = [latest.current, seen.current];
      const change = text === null || !base ? null : patchOf(base, { [field]: text });
      if (change) taskStore.keep(change, overLimit(change.patch) ?? "");
    },
    [commit, field],
  );

  return { value: draft ?? task[field], problem, change, commit, cancel };
}
