"use client";

import { Repeat, RotateCcw } from "lucide-react";
import type { Choice } from "@/components/ui/command-dialog";
import { patchMany } from "../../actions";
import { describeRule } from "../../recurrence/describe-rule";
import type { Recurrence, Task, TaskPatch } from "../../task";
import { dueTime, onDay } from "../../view/due";
import { all, matching } from "./choices";
import type { Choices } from "./task-picker";
import { useReading } from "./use-reading";
import * as changed from "@/messages/changed";
import * as words from "@/messages/picker";

const common = [
  "FREQ=DAILY",
  "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
  "FREQ=WEEKLY",
  "FREQ=WEEKLY;INTERVAL=2",
  "FREQ=MONTHLY",
  "FREQ=YEARLY",
];

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function useRepeatChoices(tasks: Task[], search: string): Choices {
  const read = useReading(search);
  const ready = read !== undefined;
  const ids = tasks.map(({ id }) => id);
  const set = (recurrence: Recurrence | null, due: TaskPatch = {}) => {
    patchMany(
      ids,
      // Without a due date there is no start to count from.
      (task) => ({
        recurrence,
        ...(recurrence && dueTime(task) === null ? { ...onDay(new Date()), ...due } : {}),
      }),
      recurrence ? changed.repeat() : changed.repeatRemoved(),
    );
  };
  const choice = (rrule: string): Choice => ({
    ...{ key: rrule, label: sentence(describeRule(rrule)), icon: Repeat },
    checked: all(tasks, (task) => task.recurrence?.rrule === rrule),
    run: () => set({ rrule, mode: "schedule" }),
  });
  const never: Choice = {
    ...{
      key: "never",
      label: words.never(),
      icon: RotateCcw,
      checked: all(tasks, (task) => !task.recurrence),
    },
    run: () => set(null),
  };
  const typed: Choice[] = [];
  const { recurrence, due_at = null, due_date = null } = read ?? {};
  if (recurrence) {
    const rule = sentence(describeRule(recurrence.rrule));
    const label = recurrence.mode === "completion" ? words.fromCompletion({ rule }) : rule;
    typed.push({
      ...{ key: "typed", label, icon: Repeat },
      run: () => set(recurrence, due_at || due_date ? { due_at, due_date } : {}),
    });
  }
  const shown = matching([...common.map(choice), never], search);
  const choices = [...typed.filter((one) => !shown.some((other) => other.label === one.label)), ...shown];
  return {
    groups: [["", choices]],
    ready,
    ...(ready && choices.length === 0 ? { note: words.notARepetition() } : {}),
  };
}
