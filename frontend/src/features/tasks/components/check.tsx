"use client";

import { cn } from "@/lib/cn";
import type { Priority } from "../task";
import * as words from "@/messages/list";

const rings: Record<Priority, string> = {
  none: "border-ink-3/60 hover:border-ink-3",
  low: "border-low",
  medium: "border-medium bg-medium/8",
  high: "border-high bg-high/10",
  urgent: "border-urgent bg-urgent/12",
};

interface CheckProps {
  title: string;
  completed: boolean;
  priority: Priority;
  tabIndex?: number;
  onChange: (completed: boolean) => void;
}

/** The checkbox of a task. The colour of its ring shows the priority. */
export function Check({ title, completed, priority, tabIndex, onChange }: CheckProps) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={completed}
      aria-label={words.complete({ title })}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation();
        onChange(!completed);
      }}
      // The hit area is larger than the visible circle.
      className="group/check -m-2 grid shrink-0 place-items-center rounded-full p-2 pointer-coarse:-m-[0.8125rem] pointer-coarse:p-[0.8125rem]"
    >
      <span
        className={cn(
          "grid size-[1.1875rem] place-items-center rounded-full border-[1.75px] transition-colors",
          completed ? "border-accent bg-accent" : rings[priority],
        )}
      >
        <span
          className={cn(
            "size-2.5 glyph-check",
            completed ? "glyph text-accent-ink" : "text-ink-3 group-hover/check:glyph",
          )}
        />
      </span>
    </button>
  );
}
