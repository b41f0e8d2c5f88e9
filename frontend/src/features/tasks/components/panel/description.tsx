"use client";

import { GrowingText } from "@/components/ui/growing-text";
import { useDraft } from "../../hooks/use-draft";
import type { Task } from "../../task";

export function Description({ task }: { task: Task }) {
  const { value, change, commit } = useDraft(task, "description", 1500);
  return (
    <div className="-mx-2 rounded-lg px-2 focus-within:bg-hover hover:bg-hover">
      <GrowingText
        value={value}
        aria-label="Description"
        placeholder="Add a description"
        maxLength={20_000}
        className="min-h-10 py-2 text-ink-2 placeholder:text-ink-3"
        onChange={(event) => change(event.target.value)}
        onBlur={commit}
      />
    </div>
  );
}
