"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { createTask } from "../changes";
import type { NewTask } from "../task";
import type { Reading } from "./read";

type Reader = (text: string, refused: ReadonlySet<string>) => Reading;

let loading: Promise<Reader> | null = null;

/** The state of an input in which the user types a task in plain language. */
export function useQuickAdd(defaults: Pick<NewTask, "project" | "tags" | "due_date" | "parent_id">) {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const [loaded, setLoaded] = useState<{ read: Reader } | null>(null);
  const client = useQueryClient();

  const prepare = useCallback(() => {
    loading ??= import("./read").then(({ makeReader }) => makeReader(client));
    loading.then((read) => setLoaded({ read })).catch(() => (loading = null));
  }, [client]);
  const shown = useMemo(() => loaded?.read(text, refused) ?? plainTitle(text), [text, loaded, refused]);

  const clear = useCallback(() => {
    setText("");
    setRefused(new Set());
  }, []);

  /** Creates the task; false if there is no title. */
  const submit = useCallback(async (): Promise<boolean> => {
    if (!shown.task.title) return false;
    // Clear the input at once: the user may type the next task while the grammar is loaded for this one.
    clear();
    const read = await loading?.catch(() => null);
    const { task } = read?.(text, refused) ?? plainTitle(text); // again: "in 2 hours" counts from now
    const { project, tags = [], due_date, parent_id } = defaults;
    createTask({
      ...(due_date && !task.due_at ? { due_date } : {}),
      ...(parent_id ? { parent_id } : {}),
      ...task,
      project: task.project ?? project ?? null,
      tags: [...new Set([...tags, ...(task.tags ?? [])])],
    });
    return true;
  }, [text, shown, refused, defaults, clear]);

  const refuse = useCallback(
    (said: string) => setRefused((now) => new Set([...now, said.toLowerCase()])),
    [],
  );
  return { text, setText, ...shown, refuse, submit, prepare, clear };
}

/** A text of which nothing is understood. */
function plainTitle(text: string): Reading {
  const title = text.trim();
  return { understood: { title, tags: [], parts: [], missed: [] }, task: { title } };
}
