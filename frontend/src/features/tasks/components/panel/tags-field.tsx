"use client";

import { useId, useState } from "react";
import { X } from "lucide-react";
import { patchTask } from "../../changes";
import { useCounts } from "../../hooks/use-counts";
import type { Task } from "../../task";
import { hasName } from "../../view/search";
import { inlineInputStyles } from "./inline-input";

export function TagsField({ task }: { task: Task }) {
  const { tags } = useCounts();
  const list = useId();
  const [draft, setDraft] = useState("");
  function add() {
    const tag = draft.trim().replace(/^@/, "");
    setDraft("");
    if (tag && !hasName(task.tags, tag)) patchTask(task.id, { tags: [...task.tags, tag] });
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
          if (event.key !== "Enter" && event.key !== ",") return;
          event.preventDefault();
          add();
        }}
        list={list}
        aria-label="Add a tag"
        placeholder={task.tags.length ? "Add" : "No tags"}
        maxLength={50}
        autoComplete="off"
        dir="auto"
        className={`${inlineInputStyles} ${task.tags.length ? "ml-0 w-20 min-w-16" : ""}`}
      />
      <datalist id={list}>
        {tags.map(([tag]) => (task.tags.includes(tag) ? null : <option key={tag} value={tag} />))}
      </datalist>
    </>
  );
}

/** A value that can be removed. */
export function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <span className="inline-flex h-7 max-w-full items-center gap-1 rounded-full bg-sunken pr-1 pl-2.5">
      <span className="truncate" dir="auto">
        {label}
      </span>
      <button
        type="button"
        aria-label={`Remove ${label}`}
        onClick={onRemove}
        className="grid size-5 shrink-0 place-items-center rounded-full text-ink-3 hover:bg-line hover:text-ink"
      >
        <X className="size-3" />
      </button>
    </span>
  );
}
