"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { parseTaskQuery, taskHref, type TaskQuery } from "../view/query";

/** The query in the address. */
export function useTaskQuery(): TaskQuery {
  const params = useSearchParams();
  return useMemo(() => parseTaskQuery(new URLSearchParams(params.toString())), [params]);
}

/**
 * Changes the address, and with it the list. All views share one page, so nothing is fetched: it is fast and works
 * offline.
 */
export function useSetTaskQuery() {
  const onTasks = usePathname() === "/";
  const router = useRouter();
  return useCallback(
    (change: Partial<TaskQuery>, how: "push" | "replace" = "push") => {
      const now = parseTaskQuery(new URLSearchParams(location.search));
      const href = taskHref({ ...now, ...change });
      if (!onTasks) router.push(href);
      else if (how === "push") history.pushState(null, "", href);
      else history.replaceState(null, "", href);
    },
    [onTasks, router],
  );
}
