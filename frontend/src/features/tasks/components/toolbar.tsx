"use client";

import { ArrowDownUp, Flag, Search, X } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { lazyItems, LazyMenu } from "@/components/ui/lazy-menu";
import { cn } from "@/lib/cn";
import { useAskedFrom } from "@/lib/focus-if-free";
import { lazyPart } from "@/lib/lazy-part";
import { useKeys } from "@/lib/keys/use-keys";
import { useAddressText } from "../hooks/use-address-text";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { priorityLabels, sortLabels } from "../view/labels";
import { defaultSort, sortOf, type TaskQuery } from "../view/query";
import * as words from "@/messages/list";
import * as common from "@/messages/common";

const FilterBar = lazyPart(() => import("./filter-bar").then((m) => m.FilterBar));
const PriorityItems = lazyItems(() => import("./toolbar-menus").then((m) => m.PriorityItems));
const OrderItems = lazyItems(() => import("./toolbar-menus").then((m) => m.OrderItems));
const ViewTools = lazyPart(() => import("./view-tools").then((m) => m.ViewTools));

/** Search, filter and sort order, all stored in the address. */
export function Toolbar({ query }: { query: TaskQuery }) {
  const sort = sortOf(query);
  const [opened, setFiltering] = useState(false);
  const filtering = !query.saved && (opened || query.filter !== "");
  const askedFrom = useAskedFrom(filtering);
  return (
    <>
      <div className="flex shrink-0 items-center gap-1 pt-3 pb-1">
        <SearchField query={query} />
        <LazyMenu
          trigger={(props) => (
            <Button
              look="ghost"
              size="sm"
              aria-label={
                query.priority
                  ? words.priorityIs({ priority: priorityLabels[query.priority]() })
                  : words.filterByPriority()
              }
              className={cn("max-sm:px-2", query.priority && "bg-accent-wash text-ink")}
              {...props}
            >
              <Flag />
              <span className="max-sm:sr-only">
                {query.priority ? priorityLabels[query.priority]() : words.priority()}
              </span>
            </Button>
          )}
        >
          <PriorityItems query={query} />
        </LazyMenu>
        <LazyMenu
          trigger={(props) => (
            <Button
              look="ghost"
              size="sm"
              aria-label={words.sortedBy({ order: sortLabels[sort]() })}
              className={cn(
                "max-sm:px-2",
                query.sort && query.sort !== defaultSort[query.view] && "bg-accent-wash text-ink",
              )}
              {...props}
            >
              <ArrowDownUp />
              <span className="max-sm:sr-only">{sortLabels[sort]()}</span>
            </Button>
          )}
        >
          <OrderItems query={query} />
        </LazyMenu>
        {/* Its place is kept until it has come. */}
        <div className="h-8 w-17 shrink-0 pointer-coarse:h-11 pointer-coarse:w-23">
          <ViewTools query={query} filtering={filtering} onFilter={() => setFiltering(!filtering)} />
        </div>
      </div>
      {filtering ? (
        <FilterBar query={query} askedFrom={askedFrom} onClose={() => setFiltering(false)} />
      ) : null}
    </>
  );
}

const asTyped = (text: string) => text;

/** Searches while the user types; the address is updated after a pause. */
function SearchField({ query }: { query: TaskQuery }) {
  const setQuery = useSetTaskQuery();
  const input = useRef<HTMLInputElement>(null);
  const tell = useCallback((q: string) => setQuery({ q }, "replace"), [setQuery]);
  const [text, setText] = useAddressText({ held: query.q, meant: asTyped, tell, pause: 60 });
  useKeys([{ command: "search", run: () => input.current?.focus() }]);

  return (
    <div className="relative me-auto w-full max-w-72 min-w-0">
      <Search
        className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 text-ink-3"
        aria-hidden
      />
      <input
        ref={input}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (text) setText("");
          else input.current?.blur();
        }}
        type="search"
        role="searchbox"
        aria-label={words.searchTasks()}
        placeholder={common.search()}
        maxLength={200}
        autoComplete="off"
        dir="auto"
        className="h-8 w-full rounded-lg border border-transparent bg-sunken ps-8.5 pe-8 text-start text-sm placeholder:text-ink-3 focus-visible:border-accent focus-visible:bg-raised focus-visible:outline-none pointer-coarse:h-11 [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? (
        <button
          type="button"
          aria-label={words.clearSearch()}
          onClick={() => {
            setText("");
            input.current?.focus();
          }}
          className="absolute end-1 top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:end-0 pointer-coarse:size-11"
        >
          <X className="size-3.5" />
        </button>
      ) : null}
    </div>
  );
}
