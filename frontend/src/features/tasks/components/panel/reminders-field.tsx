"use client";

import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { describeLead } from "@/lib/time/lead";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { describeReminder, reminderKey } from "../../view/reminder";
import { ReminderAtForm } from "./reminder-at-form";
import { Chip } from "./tags-field";
import { ValueButton } from "./value-button";

const choices = ["PT0S", "PT10M", "PT30M", "PT1H", "PT3H", "P1D", "P2D", "P7D"];

export function RemindersField({ task }: { task: Task }) {
  const [picking, setPicking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const at = useRef<HTMLInputElement>(null);
  const reminders = task.reminders ?? [];
  const dated = Boolean(task.due_at ?? task.due_date);
  // Without a due date there is nothing to count from.
  const left = dated ? choices.filter((choice) => !reminders.includes(choice)) : [];
  const set = (next: Task["reminders"]) => patchTask(task.id, { reminders: next });
  function closeForm() {
    setPicking(false);
    button.current?.focus();
  }
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
            <ValueButton ref={button} unset className={reminders.length ? "ml-0" : ""}>
              {reminders.length ? (
                <>
                  <Plus className="size-4" aria-hidden />
                  <span className="sr-only">Add a reminder</span>
                </>
              ) : task.reminders ? (
                "None for this task"
              ) : dated ? (
                "As in your settings"
              ) : (
                "No reminders"
              )}
            </ValueButton>
          </MenuTrigger>
          <MenuContent
            align="start"
            onCloseAutoFocus={(event) => {
              if (!picking) return;
              event.preventDefault();
              at.current?.focus();
            }}
          >
            {left.map((choice) => (
              <MenuItem key={choice} onSelect={() => set([...reminders, choice])}>
                {describeLead(choice)}
              </MenuItem>
            ))}
            <MenuItem onSelect={() => setPicking(true)}>On a day and time…</MenuItem>
            <MenuSeparator />
            <MenuItem onSelect={() => set([])}>None for this task</MenuItem>
            <MenuItem onSelect={() => set(null)}>As in your settings</MenuItem>
          </MenuContent>
        </Menu>
      ) : null}
      {picking ? (
        <ReminderAtForm
          input={at}
          onAdd={(at) => {
            if (!reminders.some((reminder) => reminderKey(reminder) === at)) set([...reminders, { at }]);
            closeForm();
          }}
          onCancel={closeForm}
        />
      ) : null}
    </>
  );
}
