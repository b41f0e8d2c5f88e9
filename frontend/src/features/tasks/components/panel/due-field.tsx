"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { useWeekStart } from "@/features/settings";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { formatDay, formatTime } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { cn } from "@/lib/cn";
import { localZone } from "@/lib/time/zone";
import { patchTask } from "../../changes";
import type { Task } from "../../task";
import { at, dueChoices, morning } from "../../view/due-choices";
import { Calendar } from "./calendar";
import { ValueButton } from "./value-button";

const pad = (n: number) => String(n).padStart(2, "0");

/** A day at the task's time of day, or in the morning. */
function dayAt(day: Date, due: Date | null): Date {
  return due ? at(day, due.getHours(), due.getMinutes()) : at(day, morning);
}

const timeOf = (at: Date) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

export function DueField({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  // A time is set when it is complete: each change of a recurring task asks a question.
  const [typed, setTyped] = useState<string | null>(null);
  const now = useNow();
  const weekStart = useWeekStart();
  const due = task.due_at ? new Date(task.due_at) : null;
  const late = due !== null && !task.completed && due.getTime() < now;

  function set(time: Date | null) {
    patchTask(task.id, {
      due_at: time?.toISOString() ?? null,
      ...(time && !task.timezone ? { timezone: localZone() } : {}),
    });
  }

  function setTime() {
    if (typed === null) return;
    setTyped(null);
    const [hour, minute] = typed.split(":").map(Number);
    if (due && typed && hour !== undefined && minute !== undefined) set(at(due, hour, minute));
  }

  return (
    <Popover
      open={open}
      onOpenChange={(opens) => {
        setOpen(opens);
        if (!opens) setTime();
      }}
    >
      <PopoverTrigger asChild>
        <ValueButton unset={!due} className={cn(late && "text-danger")}>
          {due ? `${formatDay(due, now)}, ${formatTime(due)}` : "No date"}
        </ValueButton>
      </PopoverTrigger>
      <PopoverContent align="start" aria-label="Due">
        <div className="grid grid-cols-2 gap-1.5">
          {dueChoices(new Date()).map(({ label, at: time }) => (
            <Button
              key={label}
              size="sm"
              className="justify-start shadow-none"
              onClick={() => {
                set(time);
                setOpen(false);
              }}
            >
              {label}
            </Button>
          ))}
        </div>
        <div className="mt-2 border-t border-line pt-2">
          <Calendar value={due} now={now} weekStart={weekStart} onPick={(day) => set(dayAt(day, due))} />
        </div>
        <label className="mt-2 flex items-center justify-between border-t border-line pt-2 pl-1.5 text-sm text-ink-2">
          Time
          <Input
            type="time"
            className="h-9 w-28 px-2"
            disabled={!due}
            value={typed ?? (due ? timeOf(due) : "")}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={setTime}
          />
        </label>
      </PopoverContent>
    </Popover>
  );
}
