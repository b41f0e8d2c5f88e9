"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { lazyModule } from "@/lib/lazy-part";
import { useSections } from "../labels/use-labels";
import { listMemory } from "../list-memory";
import { useNow } from "@/lib/time/now";
import type { Arranged } from "../view/arrange";
import type { Arrange } from "../view/arranger";
import { plainQuery, type TaskQuery } from "../view/query";
import { buildRows } from "../view/rows";
import { useTasks } from "./use-tasks";

const none: readonly string[] = [];
const loadArranger = lazyModule(() => import("../view/arranger"));

interface ListedRows extends Arranged {
  loaded: boolean;
  /** Whether completed tasks are listed, of which the browser holds only the latest. */
  completed: boolean;
  /** What the rows were chosen and ordered by. It changes when the user wants to see other rows, not when tasks change. */
  by: string;
}

/** The rows of a query. A long list never delays typing in the search field. */
export function useRows(query: TaskQuery): ListedRows {
  const { tasks, loaded } = useTasks();
  const now = useNow();
  const q = useDeferredValue(query.q);
  const { view, project, tag, priority, sort, filter } = query;
  const list = useSections(project);
  const isList = (query.layout ?? "list") === "list";
  const collapsed = useSyncExternalStore(
    listMemory.subscribe,
    // A board and a calendar have all tasks.
    () => (isList && listMemory.of(query).collapsed) || none,
    () => none,
  );
  // A project with sections is shown in them.
  const group = isList && list.length > 0 && view === "all" && !q ? (query.group ?? "section") : query.group;
  const special = filter !== "" || group !== null;
  const arrange = useArrange(special);
  const rows = useMemo(() => {
    const wanted = { ...plainQuery, view, project, tag, priority, sort, filter, group, q };
    const by = JSON.stringify(wanted);
    const completed = view === "completed" || q !== "";
    const plain = { problem: null, completed, by };
    if (!special) return { ...buildRows(tasks, wanted, now), ...plain };
    const arranged = arrange?.(tasks, wanted, now, { list, collapsed });
    return arranged
      ? { ...arranged, completed: completed || arranged.completed, by }
      : { rows: [], ids: [], ...plain };
  }, [tasks, view, project, tag, priority, sort, filter, group, q, now, special, arrange, list, collapsed]);
  return { ...rows, loaded: loaded && (!special || arrange !== null) };
}

/** Loads what evaluates filters when it is needed, again and again while that fails. */
function useArrange(needed: boolean): Arrange | null {
  const client = useQueryClient();
  const [arrange, setArrange] = useState<Arrange | null>(null);
  useEffect(() => {
    if (!needed || arrange) return;
    let timer: ReturnType<typeof setTimeout>;
    const load = () =>
      loadArranger().then(
        ({ arrangeByWeek }) => arrangeByWeek(client, (next) => setArrange(() => next)),
        () => (timer = setTimeout(load, 2000)),
      );
    void load();
    return () => clearTimeout(timer);
  }, [needed, arrange, client]);
  return arrange;
}
