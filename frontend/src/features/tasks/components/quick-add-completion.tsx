"use client";

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { changeText } from "@/lib/caret";
import { cn } from "@/lib/cn";
import * as labels from "@/messages/sections";
import type { AnyLabelKind } from "../labels/relabel";
import { useLabels, useSections } from "../labels/use-labels";
import { completed, isSayable, suggestions, type Typed, typedAt } from "../quick-add/complete";
import * as words from "@/messages/quickAddNames";

/** The input says that it controls it. */
const id = "quick-add-names";

interface QuickAddCompletionProps {
  input: RefObject<HTMLInputElement | null>;
  /** What is in the input. */
  text: string;
  setText: (text: string) => void;
  /** Takes a name that cannot be typed, because it has spaces. */
  onPick: (kind: AnyLabelKind, name: string) => void;
}

/**
 * Completes the names of projects and tags in an input, which is a combobox with a list (WAI-ARIA APG): the focus stays in
 * the input. Enter and Tab take the active name, Escape closes the list. It is loaded after the page, and so it listens to the
 * input instead of being part of it.
 */
export function QuickAddCompletion({ input, text, setText, onPick }: QuickAddCompletionProps) {
  const projects = useLabels("project");
  const tags = useLabels("tag");
  const [typed, setTyped] = useState<Typed | null>(null);
  const [active, setActive] = useState(0);
  const items = typed?.kind === "tag" ? tags : projects;
  // After the slash of "#home/", its sections.
  const slash = typed?.kind === "project" ? typed.prefix.indexOf("/") : -1;
  const project = slash < 0 ? null : typed!.prefix.slice(0, slash);
  const sections = useSections(project);
  const names = typed
    ? suggestions(
        (sections.length > 0 ? sections : items).map(({ name }) => name),
        typed.prefix.slice(sections.length > 0 ? slash + 1 : 0),
      )
    : [];
  const open = names.length > 0;

  function look(element: HTMLInputElement) {
    const caret = element.selectionStart;
    const next = caret !== null && caret === element.selectionEnd ? typedAt(element.value, caret) : null;
    if (next?.prefix !== typed?.prefix || next?.kind !== typed?.kind) setActive(0);
    setTyped(next);
  }

  function take(index: number) {
    const [element, name] = [input.current, names[index]];
    if (!element || !typed || name === undefined) return;
    const sign = typed.kind === "project" ? "#" : "@";
    const said = project !== null && sections.length > 0 ? `${project}/${name}` : name;
    const done = completed(element.value, typed, isSayable(said) ? sign + said : "");
    const change = () => {
      if (!isSayable(said)) {
        onPick(typed.kind, said === name ? name : (project ?? ""));
        if (said !== name) onPick("section", name);
      }
      setText(done.text);
      setTyped(null);
    };
    changeText(element, change, done.caret);
  }

  function press(event: KeyboardEvent) {
    const { key, isComposing, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (!open || isComposing || altKey || ctrlKey || metaKey || shiftKey) return;
    const run = {
      ArrowDown: () => setActive((active + 1) % names.length),
      ArrowUp: () => setActive((active + names.length - 1) % names.length),
      Enter: () => take(active),
      Tab: () => take(active),
      Escape: () => setTyped(null),
    }[key];
    if (!run) return;
    // Neither the form nor the page may take the key too.
    event.preventDefault();
    event.stopPropagation();
    run();
  }

  // Keys come faster than effects: a letter that was typed just before must not be left behind the name that is taken.
  function catchUp(element: HTMLInputElement) {
    if (open) flushSync(() => look(element));
  }

  const latest = useRef({ look, press, catchUp });
  // With the list itself: a key that is pressed as soon as the list can be seen belongs to it, not to the input.
  useLayoutEffect(() => {
    latest.current = { look, press, catchUp };
  });
  useEffect(() => {
    const element = input.current;
    if (!element) return;
    const stop = new AbortController();
    const on = (name: string, run: (event: Event) => void) =>
      element.addEventListener(name, run, { signal: stop.signal });
    on("keydown", (event) => {
      latest.current.catchUp(element);
      latest.current.press(event as KeyboardEvent);
    });
    on("blur", () => setTyped(null));
    on("click", () => latest.current.look(element));
    on(
      "keyup",
      (event) =>
        /^(Arrow(Left|Right)|Home|End)$/.test((event as KeyboardEvent).key) && latest.current.look(element),
    );
    return () => stop.abort();
  }, [input]);
  // Not when the input says so: an update of the page between that and React's own listener would take back what was typed.
  useEffect(() => {
    if (input.current && input.current === document.activeElement) latest.current.look(input.current);
  }, [input, text]);
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.setAttribute("aria-expanded", String(open));
    if (open) element.setAttribute("aria-activedescendant", `${id}-${active}`);
    else element.removeAttribute("aria-activedescendant");
  }, [input, open, active]);

  if (!open || !typed) return null;
  return (
    <ul
      id={id}
      role="listbox"
      aria-label={
        sections.length > 0 ? labels.sections() : typed.kind === "project" ? words.projects() : words.tags()
      }
      className="absolute inset-x-0 top-full z-30 mt-1 max-h-72 overflow-y-auto rounded-xl border border-line-2 bg-raised p-1.5 text-sm shadow-2 sm:max-w-80"
    >
      {names.map((name, i) => (
        <li
          key={name}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === active}
          // The input keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(i)}
          className={cn(
            "flex min-h-9 cursor-default items-center gap-2 rounded-lg px-2.5 pointer-coarse:min-h-11",
            i === active ? "bg-accent-wash" : "hover:bg-hover",
          )}
        >
          <span
            aria-hidden
            className={cn(
              "glyph size-4 shrink-0 text-ink-3",
              typed.kind === "project" ? "glyph-hash" : "glyph-tag",
            )}
          />
          <span className="truncate" dir="auto">
            {name}
          </span>
        </li>
      ))}
    </ul>
  );
}
