"use client";

import { Pencil } from "lucide-react";
import { type MouseEvent, useCallback, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { GrowingText } from "@/components/ui/growing-text";
import { lazyPart } from "@/lib/lazy-part";
import { patchTask } from "../../changes";
import { useDraft } from "../../hooks/use-draft";
import { taskStore } from "../../store";
import type { Task } from "../../task";
import { problemProps } from "../../problem-props";
import { FieldProblem } from "../field-problem";
import * as words from "@/messages/panel";

const loadMarkdown = () => import("@/components/markdown/markdown");
const Markdown = lazyPart(() => loadMarkdown().then((m) => m.Markdown));
const loadToggled = () => import("@/components/markdown/parse").then((m) => m.toggled);

/** The description: shown as Markdown, and edited as text. */
export function Description({ task }: { task: Task }) {
  const { value, problem, change, commit } = useDraft(task, "description", 1500);
  const problemId = useId();
  const [editing, setEditing] = useState(false);
  const opened = useRef(false);
  const { id } = task;
  const toggle = useCallback(
    (line: number) =>
      void loadToggled().then((toggled) => {
        const description = taskStore.get(id)?.description;
        if (description) patchTask(id, { description: toggled(description, line) });
      }),
    [id],
  );
  function edit() {
    opened.current = true;
    setEditing(true);
  }
  if (!editing && !problem && value !== "") {
    return (
      <div
        role="group"
        aria-label={words.description()}
        className="group/text relative -mx-2 cursor-text rounded-lg py-2 ps-2 pe-10 text-ink-2 hover:bg-hover"
        onClick={(event) => {
          if (isText(event)) edit();
        }}
      >
        <Markdown text={value} onToggle={toggle} />
        <Button
          look="ghost"
          size="icon-sm"
          aria-label={words.editDescription()}
          title={words.editDescription()}
          className="absolute end-1 top-1 text-ink-3"
          onClick={edit}
        >
          <Pencil />
        </Button>
      </div>
    );
  }
  return (
    <div className="-mx-2 rounded-lg px-2 focus-within:bg-hover hover:bg-hover">
      <GrowingText
        value={value}
        autoFocus={editing}
        aria-label={words.description()}
        placeholder={words.addDescription()}
        {...problemProps(problemId, problem)}
        className="min-h-10 py-2 text-ink-2 placeholder:text-ink-3 pointer-coarse:min-h-11"
        onChange={(event) => change(event.target.value)}
        onFocus={({ currentTarget: field }) => {
          setEditing(true);
          if (opened.current) field.setSelectionRange(value.length, value.length);
          opened.current = false;
        }}
        onBlur={({ currentTarget: field }) => {
          // The window has lost the focus, not the field.
          if (document.activeElement === field) return;
          commit();
          setEditing(false);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
      <FieldProblem id={problemId}>{problem}</FieldProblem>
      {editing ? <p className="pb-2 text-xs text-ink-3">{words.markdownHint()}</p> : null}
    </div>
  );
}

/** Whether a click is on the text, and not on something in it, nor the end of selecting a part of it. */
function isText({ target }: MouseEvent): boolean {
  return (
    target instanceof Element &&
    target.closest("a, label, button") === null &&
    (getSelection()?.isCollapsed ?? true)
  );
}
