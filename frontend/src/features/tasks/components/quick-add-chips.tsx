"use client";

import { CalendarDays, Flag, Hash, type LucideIcon, Repeat, Rows3, Tag, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Kind } from "@/lib/quickadd/parse";
import type { AnyLabelKind } from "../labels/relabel";
import type { Understood } from "../quick-add/understand";
import type { Picked } from "../quick-add/use-quick-add";
import { describeRule } from "../recurrence/describe-rule";
import { parseRule } from "../recurrence/rule";
import type { NewTask } from "../task";
import { describeDue } from "../view/due";
import { priorityLabels } from "../view/labels";
import * as words from "@/messages/quickAddReading";

const icons: Record<Kind | "section", LucideIcon> = {
  due: CalendarDays,
  repeat: Repeat,
  project: Hash,
  section: Rows3,
  tag: Tag,
  priority: Flag,
};

interface QuickAddChipsProps {
  understood: Understood;
  /** The task that is made of it. */
  task: NewTask;
  onRefuse: (said: string) => void;
  /** Names that are not in the text. */
  picked: Picked;
  onDrop: (kind: AnyLabelKind) => void;
}

/** The recognized parts of the text; each can be dismissed, and is plain text then. */
export function QuickAddChips({ understood: { parts }, task, onRefuse, picked, onDrop }: QuickAddChipsProps) {
  const names = (["project", "section", "tag"] as const).filter((kind) => picked[kind]);
  if (parts.length + names.length === 0) return null;
  const dueOfRule = when(task) && task.recurrence && !parts.some((part) => part.kind === "due");
  return (
    <ul
      aria-label={words.recognized()}
      className="flex flex-wrap gap-1.5 border-t border-line px-3 py-2 pointer-coarse:gap-y-4"
    >
      {parts.map((part) => {
        // A due or a rule that is said in several parts is one: the first shows it.
        const isFirst = parts.find(({ kind }) => kind === part.kind) === part;
        return (
          <Chip
            key={part.from}
            kind={part.kind}
            label={words.keepInTitle({ text: part.text })}
            onRemove={() => onRefuse(part.text)}
          >
            {isFirst || part.kind === "tag" ? meaning(part, task) : part.text}
          </Chip>
        );
      })}
      {names.map((kind) => (
        <Chip
          key={kind}
          kind={kind}
          label={words.removeName({ name: picked[kind] ?? "" })}
          onRemove={() => onDrop(kind)}
        >
          {picked[kind]}
        </Chip>
      ))}
      {dueOfRule ? (
        <li className="inline-flex h-7 items-center px-1 text-[0.8125rem] text-ink-3">
          {words.firstDue({ due: when(task) })}
        </li>
      ) : null}
    </ul>
  );
}

interface ChipProps {
  kind: Kind | "section";
  label: string;
  onRemove: () => void;
  children: ReactNode;
}

function Chip({ kind, label, onRemove, children }: ChipProps) {
  const Icon = icons[kind];
  return (
    <li>
      <span className="inline-flex h-7 items-center gap-1.5 rounded-full bg-accent-wash ps-2.5 pe-1 text-[0.8125rem]">
        <Icon className="size-3.5 text-accent" aria-hidden />
        <span className="max-w-56 truncate" dir="auto" data-part={kind}>
          {children}
        </span>
        <button
          type="button"
          aria-label={label}
          className="grid size-6 place-items-center rounded-full text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:-my-2 pointer-coarse:-me-2 pointer-coarse:size-11"
          onClick={onRemove}
        >
          <X className="size-3" />
        </button>
      </span>
    </li>
  );
}

function meaning(part: Understood["parts"][number], task: NewTask): string {
  switch (part.kind) {
    case "due":
      return when(task);
    case "repeat": {
      const { rrule = "", mode } = task.recurrence ?? {};
      const rule = parseRule(rrule) ? describeRule(rrule) : part.text;
      return mode === "completion" ? words.fromCompletion({ rule }) : rule;
    }
    case "project":
      return task.section ? `${task.project} / ${task.section}` : part.text.slice(1);
    case "tag":
      return part.text.slice(1);
    case "priority":
      return priorityLabels[task.priority ?? "none"]();
  }
}

const when = ({ due_at = null, due_date = null }: NewTask): string =>
  describeDue({ due_at, due_date }, Date.now()) ?? "";
