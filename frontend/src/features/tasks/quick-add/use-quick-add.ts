"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useSession } from "@/lib/session/use-session";
import { createTask } from "../changes";
import { useKeptDraft } from "../hooks/use-kept-draft";
import type { AnyLabelKind } from "../labels/relabel";
import { overLimit } from "../limits";
import { type Defaults, loadReader, plainTitle, type Reader, readTask, withDefaults } from "./reader";

/** A longer text is no task: it is not read, which could take long. */
const longest = 5_000;

/** Names that were chosen and cannot be typed, because they have spaces. */
export type Picked = Partial<Record<AnyLabelKind, string>>;

/** The state of an input in which the user types a task in plain language. */
export function useQuickAdd(given: Defaults) {
  const [picked, setPicked] = useState<Picked>({});
  const defaults = useMemo(
    () => ({
      ...given,
      project: picked.project ?? given.project ?? null,
      section: picked.section ?? (picked.project ? null : (given.section ?? null)),
      tags: [...(given.tags ?? []), ...(picked.tag ? [picked.tag] : [])],
    }),
    [given, picked],
  );
  const { account } = useSession();
  const [text, setText] = useKeptDraft("task", "new", account?.id);
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const [loaded, setLoaded] = useState<{ read: Reader } | null>(null);
  const client = useQueryClient();

  const prepare = useCallback(() => {
    void loadReader(client).then((read) => read && setLoaded({ read }));
  }, [client]);
  const shown = useMemo(
    () => (text.length > longest ? null : loaded?.read(text, refused)) ?? plainTitle(text),
    [text, loaded, refused],
  );
  const problem = useMemo(() => overLimit(withDefaults(shown.task, defaults)), [shown, defaults]);

  const clear = useCallback(() => {
    setText("");
    setRefused(new Set());
    setPicked({});
  }, [setText]);

  /** Creates the task and returns its id; null if there is no title, or if the server would refuse it. */
  const submit = useCallback(async (): Promise<string | null> => {
    if (!shown.task.title || problem) return null;
    // Clear the input at once: the user may type the next task while the grammar is loaded for this one.
    clear();
    return createTask(withDefaults(await readTask(client, text, refused), defaults));
  }, [text, shown, problem, refused, defaults, client, clear]);

  const refuse = useCallback(
    (said: string) => setRefused((now) => new Set([...now, said.toLowerCase()])),
    [],
  );
  /** Takes a name, or with null lets go of it. */
  const pick = useCallback(
    (kind: AnyLabelKind, name: string | null) => setPicked((now) => ({ ...now, [kind]: name ?? undefined })),
    [],
  );
  return { text, setText, ...shown, defaults, problem, refuse, submit, prepare, clear, picked, pick };
}
