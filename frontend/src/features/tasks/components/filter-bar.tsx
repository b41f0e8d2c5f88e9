"use client";

import { X } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { focusIfFree } from "@/lib/focus-if-free";
import { useAddressText } from "../hooks/use-address-text";
import { useSetTaskQuery } from "../hooks/use-task-query";
import type { TaskQuery } from "../view/query";
import { FilterField, problemOf } from "./filter-field";
import * as words from "@/messages/viewTools";

/** A query without mistakes. */
const whole = (text: string) => (problemOf(text.trim()) ? null : text.trim());

interface FilterBarProps {
  query: TaskQuery;
  /** What had the focus when it was asked for. */
  askedFrom: Element | null;
  onClose: () => void;
}

/** Filters the list by a query, as soon as what is typed is one. */
export function FilterBar({ query: { filter }, askedFrom, onClose }: FilterBarProps) {
  const setQuery = useSetTaskQuery();
  const input = useRef<HTMLInputElement>(null);
  const tell = useCallback((next: string) => setQuery({ filter: next }, "replace"), [setQuery]);
  const [text, setText] = useAddressText({ held: filter, meant: whole, tell, pause: 60 });
  useEffect(() => {
    if (!filter) focusIfFree(input.current, askedFrom);
    // Only when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, []);
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
