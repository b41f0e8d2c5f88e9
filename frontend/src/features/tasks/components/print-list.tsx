"use client";

import { useNow } from "@/lib/time/now";
import type { Task } from "../task";
import { describeDue } from "../view/due";
import { priorityLabels } from "../view/labels";
import type { Row } from "../view/rows";
import * as words from "@/messages/listEnd";

/** The whole list on paper. On the screen only the rows in view exist. */
export function PrintList({ rows }: { rows: readonly Row[] }) {
  const now = useNow();
  return (
    <div role="list" aria-label={words.printed()}>
      {rows.map((row) =>
        row.kind === "heading" || row.kind === "section" ? (
          <h2 key={row.key} className="mt-5 mb-1 break-after-avoid text-sm font-semibold">
            {row.kind === "heading" ? row.label : row.section.name}
          </h2>
        ) : row.kind !== "task" ? null : (
          <div
            key={row.key}
            role="listitem"
            className="flex break-inside-avoid items-baseline gap-3 border-b border-line py-1.5"
          >
            <span className="relative top-0.5 size-3.5 shrink-0 rounded-[3px] border-[1.5px] border-ink-3 text-center text-[0.625rem] leading-none">
              {row.task.completed ? "✓" : ""}
            </span>
            <span className="min-w-0 flex-1 wrap-anywhere" dir="auto">
              {row.task.title}
            </span>
            <span className="max-w-[45%] text-end text-xs text-ink-2">{noteOf(row.task, now)}</span>
          </div>
        ),
      )}
    </div>
  );
}

function noteOf(task: Task, now: number): string {
  const { project, tags, priority } = task;
  return [
    describeDue(task, now),
    priority === "none" ? null : priorityLabels[priority](),
    project,
    ...tags.map((tag) => `@${tag}`),
  ]
    .filter(Boolean)
    .join(" · ");
}
