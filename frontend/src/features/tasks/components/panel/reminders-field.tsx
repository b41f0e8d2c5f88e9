"use client";

import { Plus } from "lucide-react";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { describeLead } from "@/lib/time/lead";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { describeReminder, reminderKey } from "../../view/reminder";
import { Chip } from "./tags-field";
import { ValueButton } from "./value-button";

const choices = ["PT0S", "PT10M", "PT30M", "PT1H", "PT3H", "P1D", "P2D", "P7D"];

export function RemindersField({ task }: { task: Task }) {
  const reminders = task.reminders ?? [];
  const left = choices.filter((choice) => !reminders.includes(choice));
  const dated = Boolean(task.due_at ?? task.due_date);
  const set = (next: Task["reminders"]) => patchTask(task.id, { reminders: next });
  return (
    <>
      {reminders.map((reminder) => (
        <Chip
          key={reminderKey(reminder)}
          label={describeReminder(reminder)}
          onRemove={() => {
            const rest = reminders.filter((r) => r !== reminder);
            set(rest.length ? rest : null);
          }}
        />
      ))}
      {reminders.length < 10 ? (
        <Menu>
          <MenuTrigger asChild>
            <ValueButton unset className={reminders.length ? "ml-0" : ""} disabled={!dated}>
              {reminders.length ? (
                <>
                  <Plus className="size-4" aria-hidden />
                  <span className="sr-only">Add a reminder</span>
                </>
              ) : !dated ? (
                "Needs a due date"
              ) : task.reminders ? (
                "None"
              ) : (
                "As in your settings"
              )}
            </ValueButton>
          </MenuTrigger>
          <MenuContent align="start">
            {left.map((choice) => (
              <MenuItem key={choice} onSelect={() => set([...reminders, choice])}>
                {describeLead(choice)}
              </MenuItem>
            ))}
            <MenuSeparator />
            <MenuItem onSelect={() => set([])}>None</MenuItem>
            <MenuItem onSelect={() => set(null)}>As in your settings</MenuItem>
          </MenuContent>
        </Menu>
      ) : null}
    </>
  );
}
