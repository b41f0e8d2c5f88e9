"use client";

import { useId } from "react";
import { GrowingText } from "@/components/ui/growing-text";
import { useDraft } from "../../hooks/use-draft";
import type { Task } from "../../task";
import { problemProps } from "../../problem-props";
import { FieldProblem } from "../field-problem";
import * as words from "@/messages/panel";

const fieldStyles = "-mx-2 rounded-lg px-2 hover:bg-hover focus:bg-hover";

export function Title({ task }: { task: Task }) {
  const { value, problem, change, commit, cancel } = useDraft(task, "title");
  const problemId = useId();
  return (
    <div className={fieldStyles}>
      <GrowingText
        value={value}
        aria-label={words.title()}
        {...problemProps(problemId, problem)}
        enterKeyHint="done"
        className="py-1.5 text-lg leading-snug font-semibold tracking-[-0.01em]"
        // A title is a single line, however long.
        onChange={(event) => change(event.target.value.replace(/\n/g, " "))}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            event.currentTarget.blur();
          } else if (event.key === "Escape" && value !== task.title) {
            event.preventDefault();
            cancel();
          }
        }}
      />
      <FieldProblem id={problemId}>{problem}</FieldProblem>
    </div>
  );
}
