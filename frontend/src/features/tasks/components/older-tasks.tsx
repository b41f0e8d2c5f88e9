"use client";

import { useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { explain } from "@/lib/api/problem";
import { getOlderCompleted, mayHaveOlder } from "../api/get-older-completed";
import { useTasks } from "../hooks/use-tasks";
import { taskStore } from "../store";
import type { TaskQuery } from "../view/query";
import * as words from "@/messages/listEnd";
import * as common from "@/messages/common";

/** Loads completed tasks that are older than those stored in the browser; those of a search too. */
export function OlderTasks({ query }: { query: TaskQuery }) {
  const reloads = useSyncExternalStore(taskStore.subscribe, taskStore.getReloads, () => 0);
  return <Pages key={reloads} query={query} />;
}

/** They are loaded from the first page again after a reload, which drops them. */
function Pages({ query }: { query: TaskQuery }) {
  const { tasks } = useTasks();
  const [cursor, setCursor] = useState<string | null>(null);
  const [state, setState] = useState<"idle" | "busy" | "end">("idle");
  if (state === "idle" && cursor === null && !mayHaveOlder(tasks)) return null;

  async function load() {
    setState("busy");
    try {
      const older = await getOlderCompleted(query, cursor, (id) => taskStore.get(id) !== undefined);
      taskStore.learn(older.tasks);
      setCursor(older.cursor);
      setState(older.cursor ? "idle" : "end");
    } catch (error) {
      toast.error(words.olderFailed(), { description: explain(error) });
      setState("idle");
    }
  }

  return (
    <div className="flex h-14 shrink-0 items-center justify-center text-sm text-ink-3">
      {state === "end" ? (
        <p role="status">{words.noOlder()}</p>
      ) : (
        <Button size="sm" disabled={state === "busy"} onClick={() => void load()}>
          {state === "busy" ? common.loading() : words.loadOlder()}
        </Button>
      )}
    </div>
  );
}
