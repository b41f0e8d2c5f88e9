"use client";

import { useId, useState } from "react";
import { patchTask } from "../../changes";
import { useCounts } from "../../hooks/use-counts";
import type { Task } from "../../task";
import { inlineInputStyles } from "./inline-input";

export function ProjectField({ task }: { task: Task }) {
  const { projects } = useCounts();
  const list = useId();
  const [draft, setDraft] = useState<string | null>(null);
  function commit() {
    if (draft === null) return;
    patchTask(task.id, { project: draft.trim() || null });
    setDraft(null);
  }
  return (
    <>
      <input
        value={draft ?? task.project ?? ""}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape" && draft !== null) {
            event.preventDefault();
            setDraft(null);
          }
        }}
        list={list}
        aria-label="Project"
        placeholder="No project"
        maxLength={100}
        autoComplete="off"
        dir="auto"
        className={inlineInputStyles}
      />
      <datalist id={list}>
        {projects.map(([project]) => (
          <option key={project} value={project} />
        ))}
      </datalist>
    </>
  );
}
