"use client";

import { useDeferredValue, useState } from "react";
import { type ChoiceGroup, CommandDialog } from "@/components/ui/command-dialog";
import type { Typed } from "@/components/ui/lazy-dialog";
import { useTasks } from "../../hooks/use-tasks";
import type { Task } from "../../task";
import type { PickerKind, PickerRequest } from "../../task-picker";
import { useDueChoices } from "./due-choices";
import { useLabelChoices } from "./label-choices";
import { useMoveChoices } from "./move-choices";
import { useSectionChoices } from "./section-choices";
import { priorityChoices, reminderChoices } from "./simple-choices";
import { useRepeatChoices } from "./repeat-choices";
import * as words from "@/messages/picker";

interface Texts {
  title: (tasks: { count: number; title: string }) => string;
  placeholder: () => string;
}

const texts: Record<PickerKind, Texts> = {
  due: { title: words.dueOf, placeholder: words.duePlaceholder },
  priority: { title: words.priorityOf, placeholder: words.priorityPlaceholder },
  project: { title: words.projectOf, placeholder: words.projectPlaceholder },
  section: { title: words.sectionOf, placeholder: words.sectionPlaceholder },
  tag: { title: words.tagsOf, placeholder: words.tagsPlaceholder },
  repeat: { title: words.repeat, placeholder: words.repeatPlaceholder },
  remind: { title: words.remind, placeholder: words.remindPlaceholder },
  move: { title: words.move, placeholder: words.movePlaceholder },
};

interface TaskPickerProps {
  request: PickerRequest;
  typed: Typed;
  onClose: () => void;
}

/** Sets one property of tasks, with a list of values to choose from or a text. */
export function TaskPicker({ request: { kind, ids }, typed, onClose }: TaskPickerProps) {
  const { tasks } = useTasks();
  const held = ids.flatMap((id) => tasks.get(id) ?? []);
  const [text, setText] = useState(typed.text);
  const search = useDeferredValue(text.trim());
  const title = texts[kind].title({ count: held.length, title: held[0]?.title ?? "" });
  const { groups, ready, note } = useChoices(kind, held, search);
  return (
    <CommandDialog
      title={title}
      placeholder={texts[kind].placeholder()}
      text={text}
      onText={setText}
      search={search}
      groups={groups.map(([heading, choices]) => [heading || title, choices])}
      {...(ready === undefined ? {} : { ready })}
      note={note}
      entered={typed.entered}
      onClose={onClose}
    />
  );
}

export interface Choices {
  /** A group without a heading is named after the picker. */
  groups: ChoiceGroup[];
  /** Whether all that they are chosen from is there. */
  ready?: boolean;
  note?: string;
}

function useChoices(kind: PickerKind, tasks: Task[], search: string): Choices {
  const due = useDueChoices(tasks, kind === "due" ? search : "");
  const repeat = useRepeatChoices(tasks, kind === "repeat" ? search : "");
  const label = useLabelChoices(kind === "tag" ? "tag" : "project", tasks, search);
  const section = useSectionChoices(tasks, search);
  const move = useMoveChoices(tasks, kind === "move" ? search : "");
  switch (kind) {
    case "due":
      return due;
    case "repeat":
      return repeat;
    case "section":
      return section;
    case "move":
      return move;
    case "priority":
      return priorityChoices(tasks, search);
    case "remind":
      return reminderChoices(tasks, search);
    default:
      return label;
  }
}
