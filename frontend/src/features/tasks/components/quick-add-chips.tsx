"use client";

import { CalendarDays, Flag, Hash, type LucideIcon, Repeat, Tag, X } from "lucide-react";
import type { Kind } from "@/lib/quickadd/parse";
import type { Understood } from "../quick-add/understand";
import { describeRule, parseRule } from "../recurrence/rule";
import type { NewTask } from "../task";
import { describeDue } from "../view/due";
import { priorityLabels } from "../view/labels";

const icons: Record<Kind, LucideIcon> = {
  due: CalendarDays,
  repeat: Repeat,
  project: Hash,
  tag: Tag,
  priority: Flag,
};

interface QuickAddChipsProps {
  understood: Understood;
  /** The task that is made of it. */
  task: NewTask;
  onRefuse: (said: string) => void;
}

/** The recognized parts of the text; each can be dismissed, and is plain text then. */
export function QuickAddChips({ understood: { parts }, task, onRefuse }: QuickAddChipsProps) {
  if (parts.length === 0) return null;
  const dueOfRule = when(task) && task.recurrence && !parts.some((part) => part.kind === "due");
  return (
    <ul aria-label="Understood" className="flex flex-wrap gap-1.5 border-t border-line px-3 py-2">
      {parts.map((part) => {
        const Icon = icons[part.kind];
        // A due or a rule that is said in several parts is one: the first shows it.
        const isFirst = parts.find(({ kind }) => kind === part.kind) === part;
        return (
          <li key={part.from}>
            <span className="inline-flex h-7 items-center gap-1.5 rounded-full bg-accent-wash pr-1 pl-2.5 text-[0.8125rem]">
              <Icon className="size-3.5 text-accent" aria-hidden />
              <span className="max-w-56 truncate" dir="auto" data-part={part.kind}>
                {isFirst || part.kind === "tag" ? meaning(part, task) : part.text}
              </span>
              <button
                type="button"
                aria-label={`Leave “${part.text}” in the title`}
                className="grid size-5 place-items-center rounded-full text-ink-3 hover:bg-hover hover:text-ink"
                onClick={() => onRefuse(part.text)}
              >
                <X className="size-3" />
              </button>
            </span>
          </li>
        );
      })}
      {dueOfRule ? (
        <li className="inline-flex h-7 items-center px-1 text-[0.8125rem] text-ink-3">first {when(task)}</li>
      ) : null}
    </ul>
  );
}

function meaning(part: Understood["parts"][number], task: NewTask): string {
  switch (part.kind) {
    case "due":
      return when(task);
    case "repeat": {
      const { rrule = "", mode } = task.recurrence ?? {};
      const rule = parseRule(rrule) ? describeRule(rrule) : part.text;
      return rule + (mode === "completion" ? ", from completion" : "");
    }
    case "project":
    case "tag":
      return part.text.slice(1);
    case "priority":
      return priorityLabels[task.priority ?? "none"];
  }
}

const when = ({ due_at = null, due_date = null }: NewTask): string =>
  describeDue({ due_at, due_date }, Date.now()) ?? "";
