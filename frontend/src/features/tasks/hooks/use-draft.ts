"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { patchTask } from "../changes";
import type { Task } from "../task";

/**
 * A text of a task while it is being written. What comes from elsewhere meanwhile does not touch it; the change is
 * based on what was seen when the writing began, so that a conflict is noticed.
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

  // A long text is kept now and then, and when its task is left.
  useEffect(() => {
    if (draft === null || pause === undefined) return;
    const timer = setTimeout(commit, pause);
    return () => clearTimeout(timer);
  }, [draft, pause, commit]);
  useEffect(() => commit, [commit]);

  return { value: draft ?? task[field], change, commit, cancel };
}
