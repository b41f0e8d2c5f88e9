"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { patchTask } from "../changes";
import { recurs } from "../series-question";
import type { Task } from "../task";

/**
 * A text of a task while the user edits it. Changes from elsewhere do not affect it; the patch is based on the version
 * seen when editing began, so that a conflict is detected.
 */
export function useDraft(task: Task, field: "title" | "description", pause?: number) {
  const [draft, setDraft] = useState<string | null>(null);
  const seen = useRef<Task | null>(null);
  const latest = useRef(draft);

  const commit = useCallback(() => {
    const text = latest.current;
    const base = seen.current;
    if (text === null || !base) return;
    const value = field === "title" ? text.trim() : text;
    if (value !== "" || field !== "title") patchTask(base.id, { [field]: value }, base);
    seen.current = latest.current = null;
    setDraft(null);
  }, [field]);

  const change = useCallback(
    (text: string) => {
      seen.current ??= task;
      latest.current = text;
      setDraft(text);
    },
    [task],
  );

  const cancel = useCallback(() => {
    seen.current = latest.current = null;
    setDraft(null);
  }, []);

  // A long text is saved from time to time, and when the user leaves the task. If it recurs, only then: saving it asks a
  // question.
  const asks = recurs(task);
  useEffect(() => {
    if (draft === null || pause === undefined || asks) return;
    const timer = setTimeout(commit, pause);
    return () => clearTimeout(timer);
  }, [draft, pause, asks, commit]);
  useEffect(() => commit, [commit]);

  return { value: draft ?? task[field], change, commit, cancel };
}
