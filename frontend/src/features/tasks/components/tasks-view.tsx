"use client";

import { useCallback, useEffect } from "react";
import { lazyPart, preloadParts } from "@/lib/lazy-part";
import { Header, viewLabel } from "@/features/shell";
import { useRows } from "../hooks/use-rows";
import { useSetTaskQuery, useTaskQuery } from "../hooks/use-task-query";
import type { TaskQuery } from "../view/query";
import { EmptyList } from "./empty-list";
import { RowsSkeleton } from "./list-skeleton";
import { QuickAdd } from "./quick-add";
import { TaskList } from "./task-list";
import { Toolbar } from "./toolbar";

const TaskPanel = lazyPart(() => import("./panel/task-panel").then((m) => m.TaskPanel));

export function TasksView() {
  const query = useTaskQuery();
  const setQuery = useSetTaskQuery();
  const { rows, ids, loaded } = useRows(query);
  const title = query.project ?? query.tag ?? viewLabel(query.view);
  const close = useCallback(() => setQuery({ task: null }), [setQuery]);
  const open = useCallback((task: string) => setQuery({ task }), [setQuery]);
  useEffect(() => {
    const timer = setTimeout(preloadParts, 1000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="flex min-h-0 flex-1">
      <title>{`${title} · Taskwire`}</title>
      <div className="flex min-w-0 flex-1 flex-col">
        <Header title={title} />
        <div className="mx-auto flex min-h-0 w-full max-w-4xl flex-1 flex-col px-3 lg:px-6">
          <QuickAdd query={query} />
          <Toolbar query={query} />
          {!loaded ? (
            <RowsSkeleton />
          ) : ids.length === 0 ? (
            <EmptyList query={query} />
          ) : (
            <TaskList key={listKey(query)} rows={rows} ids={ids} query={query} />
          )}
        </div>
      </div>
      {query.task ? <TaskPanel id={query.task} onClose={close} onOpen={open} /> : null}
    </div>
  );
}

/** A new list starts at its top, with nothing selected. */
const listKey = ({ view, project, tag }: TaskQuery) => JSON.stringify([view, project, tag]);
