"use client";

import { CalendarDays, CalendarOff } from "lucide-react";
import type { Choice } from "@/components/ui/command-dialog";
import { useNow } from "@/lib/time/now";
import { patchMany } from "../../actions";
import type { Task, TaskPatch } from "../../task";
import { dayOf, describeDue } from "../../view/due";
import { dueChoices, movedTo } from "../../view/due-choices";
import { matching } from "./choices";
import type { Choices } from "./task-picker";
import { useReading } from "./use-reading";
import * as changed from "@/messages/changed";
import * as words from "@/messages/picker";

export function useDueChoices(tasks: Task[], search: string): Choices {
  const now = useNow();
  const read = useReading(search);
  const ready = read !== undefined;
  const ids = tasks.map(({ id }) => id);
  const set = (patch: (task: Task) => TaskPatch) => () => patchMany(ids, patch, changed.due());
  const common = dueChoices(new Date()).map(({ label, day }): Choice => ({
    ...{ key: label, label, icon: day ? CalendarDays : CalendarOff },
    run: set((task) => movedTo(task, day)),
  }));
  const typed: Choice[] = [];
  const { due_at = null, due_date = null, timezone, recurrence } = read ?? {};
  const label = recurrence ? null : describeDue({ due_at, due_date }, now);
  if (label) {
    typed.push({
      ...{ key: "typed", label, icon: CalendarDays },
      // A day without a time leaves each task its time.
      run: set((task) =>
        due_date
          ? movedTo(task, dayOf(due_date))
          : { due_at, due_date, ...(task.timezone ? {} : { timezone: timezone ?? null }) },
      ),
    });
  }
  const shown = search ? matching(common, search) : common;
  // “Tomorrow” is in both.
  const choices = [...typed.filter((one) => !shown.some((other) => other.label === one.label)), ...shown];
  return {
    groups: [["", choices]],
    ready,
    ...(ready && choices.length === 0 ? { note: words.notADate() } : {}),
  };
}
