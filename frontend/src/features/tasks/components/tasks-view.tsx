"use client";

import { useEffect } from "react";
import { Header } from "@/features/shell/header";
import { viewLabel } from "@/features/shell/nav-items";
import { useRows } from "../hooks/use-rows";
import { useTaskQuery } from "../hooks/use-task-query";
import type { TaskQuery } from "../view/query";
import { EmptyList } from "./empty-list";
import { RowsSkeleton } from "./list-skeleton";
import { QuickAdd } from "./quick-add";
import { TaskList } from "./task-list";

export function TasksView() {
  const query = useTaskQuery();
  const { rows, ids, loaded } = useRows(query);
  const title = titleOf(query);
  useEffect(() => {
    document.title = `${title} · Taskwire`;
  }, [title]);
  return (
    <>
      <Header title={title} />
      <div className="mx-auto flex min-h-0 w-full max-w-4xl flex-1 flex-col px-3 lg:px-6">
        <QuickAdd query={query} />
        {!loaded ? (
          <RowsSkeleton />
        ) : ids.length === 0 ? (
          <EmptyList query={query} />
        ) : (
          <TaskList rows={rows} ids={ids} />
        )}
      </div>
    </>
  );
}

function titleOf(query: TaskQuery): string {
  return query.project ?? query.tag ?? viewLabel(query.view);
}
