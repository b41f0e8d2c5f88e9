"use client";

import { Plus } from "lucide-react";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { describeLead } from "@/lib/time/lead";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { Chip } from "./tags-field";
import { ValueButton } from "./value-button";

const choices = ["PT10M", "PT30M", "PT1H", "PT3H", "P1D", "P2D", "P7D"];

export function RemindersField({ task }: { task: Task }) {
  const left = choices.filter((choice) => !task.reminders.includes(choice));
  return (
    <>
      {task.reminders.map((reminder) => (
        <Chip
          key={reminder}
          label={describeLead(reminder)}
          onRemove={() => patchTask(task.id, { reminders: task.reminders.filter((r) => r !== reminder) })}
        />
      ))}
      {task.reminders.length < 10 ? (
        <Menu>
          <MenuTrigger asChild>
            <ValueButton unset className={task.reminders.length ? "ml-0" : ""} disabled={!task.due_at}>
              {task.reminders.length ? (
                <>
                  <Plus className="size-4" aria-hidden />
                  <span className="sr-only">Add a reminder</span>
                </>
              ) : task.due_at ? (
                "As in your settings"
              ) : (
                "Needs a due date"
              )}
            </ValueButton>
          </MenuTrigger>
          <MenuContent align="start">
            {left.map((choice) => (
              <MenuItem
                key={choice}
                onSelect={() => patchTask(task.id, { reminders: [...task.reminders, choice] })}
              >
                {describeLead(choice)}
              </MenuItem>
            ))}
          </MenuContent>
        </Menu>
      ) : null}
    </>
  );
}
