"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { address } from "@/lib/address";
import { type Display, listMemory } from "../list-memory";
import { useSavedView } from "./use-saved-views";
import { parseTaskQuery, taskHref, type TaskQuery } from "../view/query";

/** The query in the address. What it does not say about how the list is shown is as the user chose last, or as the saved view says. */
export function useTaskQuery(): TaskQuery {
  const params = useAddress();
  const query = useMemo(() => parseTaskQuery(new URLSearchParams(params)), [params]);
  const { sort, group, layout } = useSyncExternalStore(
    listMemory.subscribe,
    () => listMemory.of(query),
    () => noDisplay,
  );
  const view = useSavedView(query.saved);
  return useMemo(() => {
    if (view) {
      const own = { filter: view.query, sort: view.sort, group: view.group_by, layout: view.layout };
      return { ...query, ...own, view: "all", project: null, tag: null };
    }
    return {
      ...query,
      sort: query.sort ?? sort ?? null,
      group: query.group ?? group ?? null,
      layout: query.layout ?? layout ?? null,
    };
  }, [query, view, sort, group, layout]);
}

const noDisplay: Display = {};

/** The parameters of the address. */
function useAddress(): string {
  const onTasks = usePathname() === "/";
  const rendered = useSearchParams().toString();
  const given = useSyncExternalStore(address.subscribe, address.get, () => null);
  useEffect(() => address.rendered(rendered));
  useEffect(() => {
    window.addEventListener("popstate", address.left);
    return () => window.removeEventListener("popstate", address.left);
  }, []);
  return onTasks && given !== null ? given : rendered;
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
      const now = parseTaskQuery(address.current());
      const href = taskHref({ ...now, ...change });
      if (!onTasks) router.push(href);
      else address.go(href, how);
    },
    [onTasks, router],
  );
}
