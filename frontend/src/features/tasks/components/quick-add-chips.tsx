"use client";

import { CalendarDays, Flag, Hash, type LucideIcon, Repeat, Tag, X } from "lucide-react";
import { useEffect, useState } from "react";
import { formatDay, formatTime } from "@/lib/time/days";
import { localZone } from "@/lib/time/zone";
import type { Parsed, Part } from "../quick-add/parse";
import { describeRule } from "../recurrence/rule";
import { priorityLabels } from "../view/labels";

const icons: Record<Part["kind"], LucideIcon> = {
  due: CalendarDays,
  repeat: Repeat,
  project: Hash,
  tag: Tag,
  priority: Flag,
};

/** The recognized parts of the text; each can be dismissed, and is plain text then. */
export function QuickAddChips({ parsed, onRefuse }: { parsed: Parsed; onRefuse: (said: string) => void }) {
  const due = useDue(parsed);
  if (parsed.parts.length === 0) return null;
  const dueOfRule = due && parsed.task.recurrence && !parsed.parts.some((part) => part.kind === "due");
  return (
    <ul aria-label="Understood" className="flex flex-wrap gap-1.5 border-t border-line px-3 py-2">
      {parsed.parts.map((part) => {
        const Icon = icons[part.kind];
        return (
          <li key={part.start}>
            <span className="inline-flex h-7 items-center gap-1.5 rounded-full bg-accent-wash pr-1 pl-2.5 text-[0.8125rem]">
              <Icon className="size-3.5 text-accent" aria-hidden />
              <span className="max-w-56 truncate" dir="auto" data-part={part.kind}>
                {meaning(part, parsed, due)}
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
        <li className="inline-flex h-7 items-center px-1 text-[0.8125rem] text-ink-3">first {when(due)}</li>
      ) : null}
    </ul>
  );
}

function meaning(part: Part, { task }: Parsed, due: Date | null): string {
  switch (part.kind) {
    case "due":
      return due ? when(due) : part.text;
    case "repeat": {
      const { rrule = "", mode } = task.recurrence ?? {};
      return describeRule(rrule) + (mode === "completion" ? ", from completion" : "");
    }
    case "project":
    case "tag":
      return part.text.slice(1).replaceAll('"', "");
    case "priority":
      return priorityLabels[task.priority ?? "none"];
  }
}

const when = (at: Date) => `${formatDay(at, Date.now())}, ${formatTime(at)}`;

/** When the task will be due: from its text, or by its recurrence rule. */
function useDue({ task, dueByRule }: Parsed): Date | null {
  const rrule = dueByRule ? task.recurrence?.rrule : undefined;
  const from = dueByRule?.timeOfDay.getTime();
  const [first, setFirst] = useState<{ of: string; at: Date | null } | null>(null);
  const of = `${rrule} ${from}`;
  useEffect(() => {
    if (!rrule || from === undefined) return;
    let current = true;
    void import("../recurrence/occurrences")
      .then(({ firstOccurrence }) => firstOccurrence(rrule, new Date(from), new Date(), localZone()))
      .catch(() => null)
      .then((at) => current && setFirst({ of: `${rrule} ${from}`, at }));
    return () => {
      current = false;
    };
  }, [rrule, from]);
  if (rrule) return first?.of === of ? first.at : null;
  return task.due_at ? new Date(task.due_at) : null;
}
