"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { loadReader, type Reader } from "../../quick-add/reader";
import type { NewTask } from "../../task";

/** A title that no grammar takes for anything else. */
const title = "task";
const none: ReadonlySet<string> = new Set();

/** What a text says about a task, if all of it is understood: “fri 3pm”, “every 2 weeks”; undefined until the grammar is there. */
export function useReading(text: string): NewTask | null | undefined {
  const client = useQueryClient();
  const [loaded, setLoaded] = useState<{ read: Reader | null } | null>(null);
  useEffect(() => {
    void loadReader(client).then((read) => setLoaded({ read }));
  }, [client]);
  return useMemo(() => {
    if (!text || text.length > 200) return null;
    if (!loaded?.read) return loaded ? null : undefined;
    const { task } = loaded.read(`${title} ${text}`, none);
    return task.title === title ? task : null;
  }, [text, loaded]);
}
