"use client";

import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import { lazyModule, lazyPart, preloadParts } from "@/lib/lazy-part";
import { cn } from "@/lib/cn";
import { Header } from "@/features/shell";
import { usePrinting } from "@/lib/use-printing";
import { useSavedView } from "../hooks/use-saved-views";
import { useSession } from "@/lib/session/use-session";
import { useNow } from "@/lib/time/now";
import { useOnceShown } from "@/lib/words/use-once-shown";
import { useRows } from "../hooks/use-rows";
import { useListTitle } from "../hooks/use-list-title";
import { useTaskQuery } from "../hooks/use-task-query";
import { useTasks } from "../hooks/use-tasks";
import { useSections } from "../labels/use-labels";
import type { TaskQuery } from "../view/query";

import { RowsSkeleton } from "./list-skeleton";
import { QuickAdd } from "./quick-add";
import { TaskList } from "./task-list";
import { Toolbar } from "./toolbar";

const EmptyList = lazyPart(() => import("./empty-list").then((m) => m.EmptyList));
const Board = lazyPart(() => import("./board/board").then((m) => m.Board));
const TaskCalendar = lazyPart(() => import("./calendar/task-calendar").then((m) => m.TaskCalendar));
const NoView = lazyPart(() => import("./no-view").then((m) => m.NoView));
const OlderTasks = lazyPart(() => import("./older-tasks").then((m) => m.OlderTasks));
const shared = lazyModule(() => import("../quick-add/shared"));
const FirstSteps = lazyPart(() => import("@/features/first-steps").then((m) => m.FirstSteps));
const PrintList = lazyPart(() => import("./print-list").then((m) => m.PrintList));

export function TasksView() {
  const query = useKeptQuery();
  const { rows, ids, by, loaded, completed } = useRows(query);
  const sections = useSections(query.project);
  const printing = usePrinting();
  const saved = useSavedView(query.saved);
  const isNew = useIsNew();
  const layout = query.layout ?? "list";
  const title = useListTitle(query);
  const list = listKey(query);
  // A calendar has days to plan for, and a board the sections of its project.
  const empty = rows.length === 0 && layout !== "calendar" && !(layout === "board" && sections.length > 0);
  useOnceShown(() => {
    if (location.search.includes("share_")) void shared().then((m) => m.takeShared());
  });
  useEffect(() => {
    const timer = setTimeout(preloadParts, 1000);
    return () => clearTimeout(timer);
  }, []);
  const older = completed ? <OlderTasks key={by} query={query} /> : null;
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <Header title={title} wide={layout !== "list"} />
      <div
        className={cn(
          "mx-auto flex min-h-0 w-full flex-1 flex-col px-3 lg:px-6 print:block",
          layout === "list" && "max-w-4xl",
        )}
      >
        <div className="contents print:hidden">
          <QuickAdd query={query} />
          <Toolbar query={query} />
        </div>
        {!loaded || (query.saved && saved === null) ? (
          <RowsSkeleton />
        ) : query.saved && !saved ? (
          <NoView />
        ) : empty ? (
          <>
            <EmptyList query={query} />
            {older}
          </>
        ) : (
          <div className="contents print:hidden">
            {layout === "board" ? (
              <Board key={list} {...{ rows, query }} />
            ) : layout === "calendar" ? (
              <TaskCalendar key={list} {...{ rows, query }} />
            ) : (
              <TaskList {...{ rows, ids, by, list, query }} end={older} />
            )}
            {layout === "list" ? null : older}
          </div>
        )}
        {printing ? <PrintList rows={rows} /> : null}
        {loaded && isNew ? <FirstSteps /> : null}
      </div>
    </div>
  );
}

const newFor = 30 * 24 * 3_600_000;
const fewTasks = 50;

/** The query in the address; while another page is shown, the last one. */
function useKeptQuery(): TaskQuery {
  const query = useTaskQuery();
  const shown = usePathname() === "/";
  const [kept, setKept] = useState(query);
  if (!shown || kept === query) return kept;
  setKept(query);
  return query;
}

/** Whether the account is so new, with so few tasks, that its user may need the first steps. */
function useIsNew(): boolean {
  const { account } = useSession();
  const now = useNow();
  const { tasks } = useTasks();
  return account !== null && now - Date.parse(account.created_at) < newFor && tasks.size < fewTasks;
}

/** A new list starts at its top, with nothing selected. */
const listKey = ({ view, project, tag, saved }: TaskQuery) => JSON.stringify([view, project, tag, saved]);
