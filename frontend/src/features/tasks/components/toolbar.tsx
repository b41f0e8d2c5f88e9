"use client";

import { ArrowDownUp, Flag, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { useKeys } from "@/lib/keys/use-keys";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { type Priority, priorities } from "../task";
import { priorityLabels, sortLabels } from "../view/labels";
import { defaultSort, type Sort, sortOf, sorts, type TaskQuery } from "../view/query";

/** Search, filter and sort order, all stored in the address. */
export function Toolbar({ query }: { query: TaskQuery }) {
  const setQuery = useSetTaskQuery();
  const sort = sortOf(query);
  const offered = sorts.filter((s) => (s === "-completed_at" ? query.view === "completed" : true));
  return (
    <div className="flex shrink-0 items-center gap-1 pt-3 pb-1">
      <SearchField query={query} />
      <Menu>
        <MenuTrigger asChild>
          <Button
            look="ghost"
            size="sm"
            aria-label={query.priority ? `Priority: ${priorityLabels[query.priority]}` : "Filter by priority"}
            className={cn("max-sm:px-2", query.priority && "bg-accent-wash text-ink")}
          >
            <Flag />
            <span className="max-sm:sr-only">
              {query.priority ? priorityLabels[query.priority] : "Priority"}
            </span>
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuRadioGroup
            value={query.priority ?? "any"}
            onValueChange={(value) => setQuery({ priority: value === "any" ? null : (value as Priority) })}
          >
            <MenuRadioItem value="any">Any priority</MenuRadioItem>
            {priorities.toReversed().map((priority) => (
              <MenuRadioItem key={priority} value={priority}>
                {priorityLabels[priority]}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
        </MenuContent>
      </Menu>
      <Menu>
        <MenuTrigger asChild>
          <Button
            look="ghost"
            size="sm"
            aria-label={`Order: ${sortLabels[sort]}`}
            className={cn(
              "max-sm:px-2",
              query.sort && query.sort !== defaultSort[query.view] && "bg-accent-wash text-ink",
            )}
          >
            <ArrowDownUp />
            <span className="max-sm:sr-only">{sortLabels[sort]}</span>
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuRadioGroup value={sort} onValueChange={(value) => setQuery({ sort: value as Sort })}>
            {offered.map((one) => (
              <MenuRadioItem key={one} value={one}>
                {sortLabels[one]}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
        </MenuContent>
      </Menu>
    </div>
  );
}

/** Searches while the user types; the address is updated after a pause. */
function SearchField({ query }: { query: TaskQuery }) {
  const setQuery = useSetTaskQuery();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query.q);
  const [shown, setShown] = useState(query.q);
  const [told, setTold] = useState(query.q);
  // When navigation or the back button changes the address, its text replaces the input. The echo of the user's own
  // input is ignored: by then there may be more of it.
  if (shown !== query.q) {
    setShown(query.q);
    if (query.q !== told) {
      setTold(query.q);
      setText(query.q);
    }
  }
  useEffect(() => {
    if (text === told) return;
    const timer = setTimeout(() => {
      setTold(text);
      setQuery({ q: text }, "replace");
    }, 60);
    return () => clearTimeout(timer);
  }, [text, told, setQuery]);
  useKeys([{ keys: "/", label: "Search", group: "Everywhere", run: () => input.current?.focus() }]);

  return (
    <div className="relative mr-auto w-full max-w-72 min-w-0">
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-3"
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
        aria-label="Search tasks"
        placeholder="Search"
        maxLength={200}
        autoComplete="off"
        dir="auto"
        className="h-8 w-full rounded-lg border border-transparent bg-sunken pr-8 pl-8.5 text-start text-sm placeholder:text-ink-3 focus-visible:border-accent focus-visible:bg-raised focus-visible:outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => {
            setText("");
            input.current?.focus();
          }}
          className="absolute top-1/2 right-1 grid size-6 -translate-y-1/2 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
        >
          <X className="size-3.5" />
        </button>
      ) : null}
    </div>
  );
}
