"use client";

import { useCallback, useMemo, useState } from "react";
import { useWeekStart } from "@/features/settings";
import { localZone } from "@/lib/time/zone";
import { createTask } from "../changes";
import type { NewTask } from "../task";
import { newTask } from "./new-task";
import { understand } from "./understand";

/** The state of an input in which the user types a task in plain language. */
export function useQuickAdd(defaults: Pick<NewTask, "project" | "tags" | "due_at" | "parent_id">) {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const weekStart = (useWeekStart() + 6) % 7;

  const read = useCallback(() => {
    const now = new Date();
    const locale = navigator.language;
    const understood = understand(text, refused, { now, zone: localZone(), weekStart, locale });
    return { understood, task: newTask(understood, now) };
  }, [text, refused, weekStart]);
  const shown = useMemo(() => read(), [read]);

  const clear = useCallback(() => {
    setText("");
    setRefused(new Set());
  }, []);

  /** Creates the task; false if there is no title. */
  const submit = useCallback((): boolean => {
    const { task } = read(); // "in 2 hours" counts from now
    if (!task.title) return false;
    clear();
    const { project, tags = [], due_at, parent_id } = defaults;
    createTask({
      ...(due_at ? { due_at, timezone: localZone() } : {}),
      ...(parent_id ? { parent_id } : {}),
      ...task,
      project: task.project ?? project ?? null,
      tags: [...new Set([...tags, ...(task.tags ?? [])])],
    });
    return true;
  }, [read, defaults, clear]);

  const refuse = useCallback(
    (said: string) => setRefused((now) => new Set([...now, said.toLowerCase()])),
    [],
  );
  return { text, setText, ...shown, refuse, submit, clear };
}
