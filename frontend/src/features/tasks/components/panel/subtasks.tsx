"use client";

import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { cn } from "@/lib/cn";
import { complete } from "../../actions";
import { createTask } from "../../changes";
import { useTasks } from "../../hooks/use-tasks";
import type { Task } from "../../task";
import { comparator } from "../../view/rows";
import { between } from "../../changes";
import { Check } from "../check";

/** The subtasks of a task, in manual order. */
export function Subtasks({ task, onOpen }: { task: Task; onOpen: (id: string) => void }) {
  const { tasks } = useTasks();
  const subtasks = useMemo(
    () => [...tasks.values()].filter((t) => t.parent_id === task.id).sort(comparator("position")),
    [tasks, task.id],
  );
  const done = subtasks.filter((subtask) => subtask.completed).length;
  const [draft, setDraft] = useState("");
  return (
    <section className="mt-6" aria-labelledby="subtasks-title">
      <h3 id="subtasks-title" className="flex items-baseline gap-2 text-sm font-semibold">
        Subtasks
        {subtasks.length > 0 ? (
          <span className="tabular font-normal text-ink-3">
            {done} of {subtasks.length}
          </span>
        ) : null}
      </h3>
      <ul className="mt-1">
        {subtasks.map((subtask) => (
          <li key={subtask.id} className="flex min-h-10 items-center gap-3">
            <Check
              title={subtask.title}
              completed={subtask.completed}
              priority={subtask.priority}
              onChange={(completed) => complete([subtask.id], completed)}
            />
            <button
              type="button"
              onClick={() => onOpen(subtask.id)}
              dir="auto"
              className={cn(
                "min-w-0 flex-1 truncate rounded-md py-1.5 text-start hover:text-accent",
                subtask.completed && "text-ink-3 line-through",
              )}
            >
              {subtask.title}
            </button>
          </li>
        ))}
      </ul>
      <form
        className="flex items-center gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const title = draft.trim();
          if (!title) return;
          createTask({
            title,
            parent_id: task.id,
            project: task.project,
            position: between(subtasks.at(-1)?.position ?? task.position, null),
          });
          setDraft("");
        }}
      >
        <Plus className="size-4.5 text-ink-3" aria-hidden />
        <input
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          aria-label="New subtask"
          placeholder="Add a subtask"
          maxLength={500}
          autoComplete="off"
          dir="auto"
          className="h-10 min-w-0 flex-1 rounded-md bg-transparent text-start outline-none placeholder:text-ink-3"
        />
      </form>
    </section>
  );
}
