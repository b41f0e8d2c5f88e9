"use client";

import { ListFilter } from "lucide-react";
import { type KeyboardEvent, type RefObject, useId, useMemo, useState } from "react";
import { changeText } from "@/lib/caret";
import { cn } from "@/lib/cn";
import { completeFilter, type Completion, take } from "../filter/complete";
import { FilterError, maxQuery } from "../filter/filter";
import { parseFilter } from "../filter/parser";
import { useAllLabels, useLabelNames } from "../labels/use-labels";
import { fold } from "../view/search";
import * as words from "@/messages/viewTools";

interface FilterFieldProps {
  value: string;
  onChange: (text: string) => void;
  input: RefObject<HTMLInputElement | null>;
  /** Called on Escape when no completions are open. */
  onEscape?: () => void;
  className?: string;
}

/** What is wrong with a query, or null. An empty one is no filter. */
export function problemOf(text: string): FilterError | null {
  if (!text.trim()) return null;
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

/** A field for a query, with completion, and what is wrong at its place. */
export function FilterField({ value, onChange, input, onEscape, className }: FilterFieldProps) {
  const id = useId();
  const projects = useLabelNames("project");
  const tags = useLabelNames("tag");
  const { section } = useAllLabels();
  const [caret, setCaret] = useState(value.length);
  const [open, setOpen] = useState(false);
  const [focused, setFocused] = useState(false);
  const [active, setActive] = useState(-1);
  const completion = useMemo<Completion>(() => {
    const names = {
      projects,
      // Those of several projects can have one name.
      sections: [...new Map(section.map(({ name }) => [fold(name), name])).values()],
      tags,
    };
    return completeFilter(value, Math.min(caret, value.length), names);
  }, [value, caret, projects, section, tags]);
  const { options } = completion;
  const shown = open && focused && options.length > 0;
  const problem = useMemo(() => problemOf(value), [value]);
  // While the user is still typing the end of the query, that it is not complete is no mistake.
  const unfinished = focused && problem !== null && problem.to >= value.trimEnd().length;
  const said = unfinished ? null : problem;

  const look = () => {
    setCaret(input.current?.selectionStart ?? value.length);
    setActive(-1);
  };
  const accept = (text: string) => {
    const taken = take(value, completion, text);
    const change = () => {
      onChange(taken.query);
      setCaret(taken.caret);
      setActive(-1);
    };
    changeText(input.current, change, taken.caret);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && !event.altKey) {
      event.preventDefault();
      if (!shown) setOpen(true);
      else setActive((active + by + options.length + (active < 0 && by < 0 ? 1 : 0)) % options.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && shown && options[active]) {
      event.preventDefault();
      accept(options[active].text);
    } else if (event.key === "Enter") {
      setOpen(false);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (shown) setOpen(false);
      else onEscape?.();
    }
  };

  return (
    <div className={cn("relative", className)}>
      <ListFilter
        className="pointer-events-none absolute start-2.5 top-2 size-4 text-ink-3 pointer-coarse:top-3.5"
        aria-hidden
      />
      <input
        ref={input}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setActive(-1);
          setOpen(true);
        }}
        onSelect={look}
        onFocus={() => {
          setFocused(true);
          setOpen(true);
        }}
        onBlur={() => setFocused(false)}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-label={words.filter()}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={`${id}-options`}
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={said ? true : undefined}
        aria-describedby={`${id}-problem`}
        placeholder={words.queryExample()}
        maxLength={maxQuery}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className="h-8 w-full rounded-lg border border-line-2 bg-raised ps-8.5 pe-2.5 font-mono text-[0.8125rem] placeholder:text-ink-3 focus-visible:border-accent focus-visible:outline-none aria-invalid:border-danger pointer-coarse:h-11"
      />
      <ul
        id={`${id}-options`}
        role="listbox"
        aria-label={words.completions()}
        hidden={!shown}
        className="absolute start-0 top-9 z-40 max-h-72 w-80 max-w-full overflow-y-auto rounded-xl border border-line-2 bg-raised p-1.5 text-sm shadow-2 pointer-coarse:top-12"
      >
        {shown
          ? options.map(({ text, hint }, i) => (
              <li
                key={text}
                id={`${id}-${i}`}
                role="option"
                aria-selected={i === active}
                onPointerDown={(event) => {
                  event.preventDefault();
                  accept(text);
                }}
                className={cn(
                  "flex cursor-default items-baseline gap-3 rounded-lg px-2.5 py-1.5 pointer-coarse:min-h-11 pointer-coarse:items-center",
                  i === active ? "bg-hover" : "hover:bg-hover",
                )}
              >
                <span className="font-mono text-[0.8125rem]" dir="auto">
                  {text}
                </span>
                <span className="truncate text-xs text-ink-3">{hint}</span>
              </li>
            ))
          : null}
      </ul>
      <p id={`${id}-problem`} role="status" className="text-[0.8125rem] text-danger">
        {said ? (
          <span className="block pt-1.5">
            <span aria-hidden className="me-2 font-mono text-ink-2">
              {value.slice(0, said.from)}
              <span className="text-danger underline decoration-wavy underline-offset-2">
                {value.slice(said.from, said.to) || "\u00a0\u00a0"}
              </span>
              {value.slice(said.to)}
            </span>
            {said.message}
          </span>
        ) : null}
      </p>
    </div>
  );
}
