"use client";

import { useState } from "react";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { describeRule } from "../../recurrence/describe-rule";
import { seriesStart } from "../../recurrence/series-start";
import type { Task } from "../../task";
import { RecurrenceEditor } from "./recurrence-editor";
import { ValueButton } from "./value-button";
import * as words from "@/messages/panel";

export function RecurrenceField({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  const { recurrence } = task;
  const said = recurrence ? describeRule(recurrence.rrule, seriesStart(task)) : "";
  const rule = said.charAt(0).toUpperCase() + said.slice(1);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <ValueButton label={words.repeat()} unset={!recurrence} className="whitespace-normal">
          {!recurrence
            ? words.never()
            : recurrence.mode === "completion"
              ? words.fromCompletion({ rule })
              : rule}
        </ValueButton>
      </PopoverTrigger>
      <PopoverContent align="start" className="w-80 pointer-coarse:w-88" aria-label={words.repeat()}>
        <RecurrenceEditor task={task} onDone={() => setOpen(false)} />
      </PopoverContent>
    </Popover>
  );
}
