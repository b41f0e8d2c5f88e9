"use client";

import { useCallback, useMemo, useState } from "react";
import { localZone } from "@/lib/time/zone";
import { createTask } from "../changes";
import type { NewTask } from "../task";
import { loadDateFinder } from "./dates";
import { type DateFinder, parseQuickAdd } from "./parse";

let loading: Promise<DateFinder> | null = null;

/** The state of an input in which the user types a task in plain language. */
export function useQuickAdd(defaults: Pick<NewTask, "project" | "tags" | "due_at" | "parent_id">) {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const [dates, setDates] = useState<{ find: DateFinder } | null>(null);

  const prepare = useCallback(() => {
    loading ??= loadDateFinder();
    loading.then((find) => setDates({ find })).catch(() => (loading = null));
  }, []);
  const parsed = useMemo(
    () => parseQuickAdd(text, new Date(), dates?.find ?? null, refused),
    [text, dates, refused],
  );

  const clear = useCallback(() => {
    setText("");
    setRefused(new Set());
  }, []);

  /** Creates the task; false if there is no title. */
  const submit = useCallback(async (): Promise<boolean> => {
    if (!parsed.task.title) return false;
    // Clear the input at once: the user may type the next task while the dates of this one are parsed.
    clear();
    const finder = await loading?.catch(() => null);
    const { task, dueByRule } = parseQuickAdd(text, new Date(), finder ?? null, refused);
    if (!task.title) task.title = text.trim();
    if (dueByRule && task.recurrence) {
      const { firstOccurrence } = await import("../recurrence/occurrences");
      const from = dueByRule.timeOfDay;
      const first = await firstOccurrence(task.recurrence.rrule, from, new Date(), localZone()).catch(
        () => null,
      );
      if (first) task.due_at = first.toISOString();
    }
    const { project, tags = [], due_at, parent_id } = defaults;
    createTask({
      ...(due_at ? { due_at, timezone: localZone() } : {}),
      ...(parent_id ? { parent_id } : {}),
      ...task,
      project: task.project ?? project ?? null,
      tags: [...new Set([...tags, ...(task.tags ?? [])])],
    });
    return true;
  }, [text, parsed, refused, defaults, clear]);

  const refuse = useCallback(
    (said: string) => setRefused((now) => new Set([...now, said.toLowerCase()])),
    [],
  );
  return { text, setText, parsed, refuse, submit, prepare, clear };
}
