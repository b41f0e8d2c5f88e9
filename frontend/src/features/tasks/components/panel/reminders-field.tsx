"use client";

import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { describeLead } from "@/lib/time/lead";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { describeReminder, reminderKey, leads } from "../../view/reminder";
import { ReminderAtForm } from "./reminder-at-form";
import { Chip } from "./tags-field";
import { ValueButton } from "./value-button";
import * as words from "@/messages/panel";

export function RemindersField({ task }: { task: Task }) {
  const [picking, setPicking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const at = useRef<HTMLInputElement>(null);
  const reminders = task.reminders ?? [];
  const dated = Boolean(task.due_at ?? task.due_date);
  // Without a due date there is nothing to count from.
  const left = dated ? leads.filter((choice) => !reminders.includes(choice)) : [];
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
            <ValueButton
              ref={button}
              unset
              {...(reminders.length ? {} : { label: words.remind() })}
              className={reminders.length ? "ms-0" : ""}
            >
              {reminders.length ? (
                <>
                  <Plus className="size-4" aria-hidden />
                  <span className="sr-only">{words.addReminder()}</span>
                </>
              ) : task.reminders ? (
                words.noneForTask()
              ) : dated ? (
                words.asInSettings()
              ) : (
                words.noReminders()
              )}
            </ValueButton>
          </MenuTrigger>
          <MenuContent
            align="start"
            onCloseAutoFocus={(event) => {
              if (!picking || event.defaultPrevented) return;
              event.preventDefault();
              at.current?.focus();
            }}
          >
            {left.map((choice) => (
              <MenuItem key={choice} onSelect={() => set([...reminders, choice])}>
                {describeLead(choice)}
              </MenuItem>
            ))}
            <MenuItem onSelect={() => setPicking(true)}>{words.onDayAndTime()}</MenuItem>
            <MenuSeparator />
            <MenuItem onSelect={() => set([])}>{words.noneForTask()}</MenuItem>
            <MenuItem onSelect={() => set(null)}>{words.asInSettings()}</MenuItem>
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
