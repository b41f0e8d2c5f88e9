"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { useWeekStart } from "@/features/settings";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { useNow } from "@/lib/time/now";
import { cn } from "@/lib/cn";
import { localZone } from "@/lib/time/zone";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { atMoment, describeDue, dueTime, isOverdue, onDay } from "../../view/due";
import { at, dueChoices } from "../../view/due-choices";
import { Calendar } from "./calendar";
import { ValueButton } from "./value-button";

const pad = (n: number) => String(n).padStart(2, "0");

const timeOf = (at: Date) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

export function DueField({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  // A time is set when it is complete: each change of a recurring task asks a question.
  const [typed, setTyped] = useState<string | null>(null);
  const now = useNow();
  const weekStart = useWeekStart();
  const start = dueTime(task);
  const due = start === null ? null : new Date(start);
  const late = !task.completed && isOverdue(task, now);

  function setTime(time: Date) {
    patchTask(task.id, { ...atMoment(time), ...(task.timezone ? {} : { timezone: localZone() }) });
  }
  /** Moves the task to a day, at its time of day if it has one. */
  function setDay(day: Date) {
    if (due && task.due_at) setTime(at(day, due.getHours(), due.getMinutes()));
    else patchTask(task.id, onDay(day));
  }

  function finishTyping() {
    if (typed === null) return;
    setTyped(null);
    if (!due) return;
    const [hour, minute] = typed.split(":").map(Number);
    if (hour !== undefined && minute !== undefined) setTime(at(due, hour, minute));
    else patchTask(task.id, onDay(due)); // without a time it is due on the day
  }

  return (
    <Popover
      open={open}
      onOpenChange={(opens) => {
        setOpen(opens);
        if (!opens) finishTyping();
      }}
    >
      <PopoverTrigger asChild>
        <ValueButton unset={!due} className={cn(late && "text-danger")}>
          {describeDue(task, now) ?? "No date"}
        </ValueButton>
      </PopoverTrigger>
      <PopoverContent align="start" aria-label="Due">
        <div className="grid grid-cols-2 gap-1.5">
          {dueChoices(new Date()).map(({ label, day }) => (
            <Button
              key={label}
              size="sm"
              className="justify-start shadow-none"
              onClick={() => {
                if (day) setDay(day);
                else patchTask(task.id, onDay(null));
                setOpen(false);
              }}
            >
              {label}
            </Button>
          ))}
        </div>
        <div className="mt-2 border-t border-line pt-2">
          <Calendar value={due} now={now} weekStart={weekStart} onPick={setDay} />
        </div>
        <label className="mt-2 flex items-center justify-between border-t border-line pt-2 pl-1.5 text-sm text-ink-2">
          Time
          <Input
            type="time"
            className="h-9 w-28 px-2"
            disabled={!due}
            value={typed ?? (due && task.due_at ? timeOf(due) : "")}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={finishTyping}
            onKeyDown={(event) => {
              if (event.key === "Enter") finishTyping();
            }}
          />
        </label>
      </PopoverContent>
    </Popover>
  );
}
