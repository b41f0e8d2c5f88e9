"use client";

import { useState } from "react";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { describeRule } from "../../recurrence/rule";
import type { Task } from "../../task";
import { RecurrenceEditor } from "./recurrence-editor";
import { ValueButton } from "./value-button";

export function RecurrenceField({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  const words = task.recurrence ? describeRule(task.recurrence.rrule) : "";
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <ValueButton unset={!task.recurrence} className="whitespace-normal">
          {task.recurrence
            ? words.charAt(0).toUpperCase() +
              words.slice(1) +
              (task.recurrence.mode === "completion" ? ", from completion" : "")
            : "Never"}
        </ValueButton>
      </PopoverTrigger>
      <PopoverContent align="start" className="w-80" aria-label="Repeat">
        <RecurrenceEditor task={task} onDone={() => setOpen(false)} />
      </PopoverContent>
    </Popover>
  );
}
