"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { loadReader, type Reader } from "../../quick-add/reader";
import type { NewTask } from "../../task";

/** A title that no grammar takes for anything else. */
const title = "task";
const none: ReadonlySet<string> = new Set();

/** What a text says about a task, if all of it is understood: “fri 3pm”, “every 2 weeks”. */
export function useReading(text: string): NewTask | null {
  const client = useQueryClient();
  const [loaded, setLoaded] = useState<{ read: Reader } | null>(null);
  useEffect(() => {
    void loadReader(client).then((read) => read && setLoaded({ read }));
  }, [client]);
  return useMemo(() => {
    if (!text || text.length > 200 || !loaded) return null;
    const { task } = loaded.read(`${title} ${text}`, none);
    return task.title === title ? task : null;
  }, [text, loaded]);
}
