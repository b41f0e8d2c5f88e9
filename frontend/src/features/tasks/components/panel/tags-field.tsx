"use client";

import { useId, useState } from "react";
import { X } from "lucide-react";
import { patchTask } from "../../changes";
import { useUnfinished } from "../../hooks/use-unfinished";
import { useLabelNames } from "../../labels/use-labels";
import { overLimit } from "../../limits";
import type { Task } from "../../task";
import { hasName } from "../../view/search";
import { problemProps } from "../../problem-props";
import { FieldProblem } from "../field-problem";
import { inlineInputStyles } from "./inline-input";
import * as words from "@/messages/panel";
import * as common from "@/messages/common";

export function TagsField({ task }: { task: Task }) {
  const names = useLabelNames("tag");
  const list = useId();
  const problemId = useId();
  const [draft, setDraft] = useState("");
  const tag = draft.trim().replace(/^@/, "");
  const patch = tag && !hasName(task.tags, tag) ? { tags: [...task.tags, tag] } : null;
  const problem = patch && overLimit(patch);
  useUnfinished(task, patch);
  function add() {
    if (problem) return;
    setDraft("");
    if (patch) patchTask(task.id, patch);
  }
  return (
    <>
      {task.tags.map((tag) => (
        <Chip
          key={tag}
          label={tag}
          onRemove={() => patchTask(task.id, { tags: task.tags.filter((t) => t !== tag) })}
        />
      ))}
      <input
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === ",") {
            event.preventDefault();
            add();
          } else if (event.key === "Escape" && draft !== "") {
            event.preventDefault(); // does not close the details
            setDraft("");
          }
        }}
        list={list}
        aria-label={words.addTag()}
        placeholder={task.tags.length ? common.add() : words.noTags()}
        {...problemProps(problemId, problem)}
        autoComplete="off"
        dir="auto"
        className={`${inlineInputStyles} ${task.tags.length ? "ms-0 w-20 min-w-16" : ""}`}
      />
      <FieldProblem id={problemId}>{problem}</FieldProblem>
      <datalist id={list}>
        {names.map((name) => (hasName(task.tags, name) ? null : <option key={name} value={name} />))}
      </datalist>
    </>
  );
}

/** A value that can be removed. */
export function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <span className="my-1 inline-flex h-7 max-w-full items-center gap-1 rounded-full bg-sunken ps-2.5 pe-1 pointer-coarse:my-2">
      <span className="truncate" dir="auto">
        {label}
      </span>
      <button
        type="button"
        aria-label={words.removeValue({ name: label })}
        onClick={onRemove}
        className="grid size-5 shrink-0 place-items-center rounded-full text-ink-3 hover:bg-line hover:text-ink pointer-coarse:-my-2 pointer-coarse:-me-1 pointer-coarse:size-11"
      >
        <X className="size-3" />
      </button>
    </span>
  );
}
