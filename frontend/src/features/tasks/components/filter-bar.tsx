"use client";

import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { useSetTaskQuery } from "../hooks/use-task-query";
import type { TaskQuery } from "../view/query";
import { FilterField, problemOf } from "./filter-field";
import * as words from "@/messages/view-tools";

/** Filters the list by a query, as soon as what is typed is one. */
export function FilterBar({ query: { filter }, onClose }: { query: TaskQuery; onClose: () => void }) {
  const setQuery = useSetTaskQuery();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter);
  const [seen, setSeen] = useState(filter);
  // Navigation changes the text; the echo of what was typed does not.
  if (seen !== filter) {
    setSeen(filter);
    if (filter !== text.trim()) setText(filter);
  }
  useEffect(() => {
    if (!filter) input.current?.focus();
    // Only when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, []);
  useEffect(() => {
    const next = text.trim();
    if (next === filter || problemOf(next)) return;
    const timer = setTimeout(() => setQuery({ filter: next }, "replace"), 120);
    return () => clearTimeout(timer);
  }, [text, filter, setQuery]);
  const close = () => {
    setText("");
    setQuery({ filter: "" }, "replace");
    onClose();
  };
  return (
    <div className="flex shrink-0 items-start gap-1 pb-1">
      <FilterField className="flex-1" value={text} onChange={setText} input={input} onEscape={close} />
      <Button look="ghost" size="icon-sm" aria-label={words.removeFilter()} onClick={close}>
        <X />
      </Button>
    </div>
  );
}
