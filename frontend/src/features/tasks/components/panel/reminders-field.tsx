"use client";

import { Plus } from "lucide-react";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { Chip } from "./tags-field";
import { ValueButton } from "./value-button";

const choices = ["PT10M", "PT30M", "PT1H", "PT3H", "P1D", "P2D", "P7D"];

/** A duration (ISO 8601) before the due time, in words. */
export function describeLead(duration: string): string {
  const [, w, d, h, m, s] =
    /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ?? [];
  const parts: [string | undefined, string][] = [
    [w, "week"],
    [d, "day"],
    [h, "hour"],
    [m, "minute"],
    [s, "second"],
  ];
  const said = parts
    .filter(([n]) => n && Number(n) > 0)
    .map(([n, unit]) => `${n} ${unit}${n === "1" ? "" : "s"}`);
  return said.length ? `${said.join(" ")} before` : "When it is due";
}

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
