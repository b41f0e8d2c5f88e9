"use client";

import { AlarmClock, AlarmClockOff, Flag, Settings2 } from "lucide-react";
import type { Choice } from "@/components/ui/command-dialog";
import { keymap } from "@/lib/keys/keymap";
import { describeLead } from "@/lib/time/lead";
import { patchMany } from "../../actions";
import { leads } from "../../view/reminder";
import { priorities, type Task } from "../../task";
import { dueTime } from "../../view/due";
import { priorityLabels } from "../../view/labels";
import { all, matching } from "./choices";
import type { Choices } from "./task-picker";
import * as changed from "@/messages/changed";
import * as words from "@/messages/picker";

export function priorityChoices(tasks: Task[], search: string): Choices {
  const ids = tasks.map(({ id }) => id);
  const choices = priorities.toReversed().map((priority): Choice => ({
    ...{ key: priority, label: priorityLabels[priority](), icon: Flag, keys: keymap.of(priority)[0] },
    checked: all(tasks, (task) => task.priority === priority),
    run: () => patchMany(ids, { priority }, changed.priority()),
  }));
  return { groups: [["", matching(choices, search)]] };
}

export function reminderChoices(tasks: Task[], search: string): Choices {
  // Without a due date there is nothing to count from.
  const dated = tasks.filter((task) => dueTime(task) !== null);
  const ids = (some: Task[]) => some.map(({ id }) => id);
  const set = (some: Task[], reminders: Task["reminders"]) => () =>
    patchMany(ids(some), { reminders }, changed.reminders());
  const is = (reminders: Task["reminders"]) => (task: Task) =>
    JSON.stringify(task.reminders) === JSON.stringify(reminders);
  const before = dated.length === 0 ? [] : leads;
  const choices: Choice[] = [
    ...before.map((lead): Choice => ({
      ...{ key: lead, label: describeLead(lead), icon: AlarmClock, checked: all(tasks, is([lead])) },
      run: set(dated, [lead]),
    })),
    {
      ...{ key: "none", label: words.noReminder(), icon: AlarmClockOff, checked: all(tasks, is([])) },
      run: set(tasks, []),
    },
    {
      ...{ key: "settings", label: words.asInSettings(), icon: Settings2, checked: all(tasks, is(null)) },
      run: set(tasks, null),
    },
  ];
  const undated = tasks.length - dated.length;
  return {
    groups: [["", matching(choices, search)]],
    ...(undated === 0
      ? {}
      : {
          note: dated.length === 0 ? words.needsDue() : words.undated({ count: undated }),
        }),
  };
}
