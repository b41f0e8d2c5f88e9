"use client";

import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from "@/components/ui/menu";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { ValueButton } from "./value-button";
import * as words from "@/messages/panel";

const labels = { preference: words.asInSettings, on: words.remindDaily, off: words.remindNever };
const values = { preference: null, on: true, off: false };
type Choice = keyof typeof values;

/** Whether the user is reminded each day while the task is overdue. */
export function OverdueField({ task: { id, overdue_reminders: on } }: { task: Task }) {
  const choice: Choice = on === null ? "preference" : on ? "on" : "off";
  return (
    <Menu>
      <MenuTrigger asChild>
        <ValueButton label={words.whenOverdue()} unset={on === null}>
          {labels[choice]()}
        </ValueButton>
      </MenuTrigger>
      <MenuContent align="start">
        <MenuRadioGroup
          value={choice}
          onValueChange={(next) => patchTask(id, { overdue_reminders: values[next as Choice] })}
        >
          {Object.entries(labels).map(([value, label]) => (
            <MenuRadioItem key={value} value={value}>
              {label()}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}
