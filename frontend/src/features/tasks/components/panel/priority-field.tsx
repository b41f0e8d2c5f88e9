"use client";

import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from "@/components/ui/menu";
import { patchTask } from "../../changes";
import { priorities, type Priority, type Task } from "../../task";
import { priorityLabels } from "../../view/labels";
import { ValueButton } from "./value-button";
import * as words from "@/messages/panel";

const colors: Record<Priority, string> = {
  none: "",
  low: "text-low",
  medium: "text-medium",
  high: "text-high",
  urgent: "text-urgent",
};

export function PriorityField({ task }: { task: Task }) {
  return (
    <Menu>
      <MenuTrigger asChild>
        <ValueButton
          label={words.priority()}
          unset={task.priority === "none"}
          className={colors[task.priority]}
        >
          {priorityLabels[task.priority]()}
        </ValueButton>
      </MenuTrigger>
      <MenuContent align="start">
        <MenuRadioGroup
          value={task.priority}
          onValueChange={(priority) => patchTask(task.id, { priority: priority as Priority })}
        >
          {priorities.toReversed().map((priority) => (
            <MenuRadioItem key={priority} value={priority}>
              {priorityLabels[priority]()}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}
