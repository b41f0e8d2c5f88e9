"use client";

import { Suspense } from "react";
import { PageTitle } from "@/components/page-title";
import { useListTitle } from "../hooks/use-list-title";
import { useTaskQuery } from "../hooks/use-task-query";

/** The document's title while the tasks are shown. It is not kept with them, for a page has one title. */
export function TasksTitle() {
  return (
    <Suspense fallback={<title>Taskwire</title>}>
      <ListTitle />
    </Suspense>
  );
}

function ListTitle() {
  return <PageTitle>{useListTitle(useTaskQuery())}</PageTitle>;
}
