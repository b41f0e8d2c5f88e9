"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { formatDay, formatTime } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { cn } from "@/lib/cn";
import { patchTask } from "../../changes";
import { localZone, type Task } from "../../task";
import { dueChoices, morning } from "../../view/due-choices";
import { ValueButton } from "./value-button";

const pad = (n: number) => String(n).padStart(2, "0");
const dateOf = (at: Date) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
const timeOf = (at: Date) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

export function DueField({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  const now = useNow();
  const due = task.due_at ? new Date(task.due_at) : null;
  const late = due !== null && !task.completed && due.getTime() < now;

  function set(at: Date | null) {
    patchTask(task.id, {
      due_at: at?.toISOString() ?? null,
      ...(at && !task.timezone ? { timezone: localZone() } : {}),
    });
  }

  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <ValueButton unset={!due} className={cn(late && "text-danger")}>
          {due ? `${formatDay(due, now)}, ${formatTime(due)}` : "No date"}
        </ValueButton>
      </PopoverTrigger>
      <PopoverContent align="start" aria-label="Due">
        <div className="grid grid-cols-2 gap-1.5">
          {dueChoices(new Date()).map(({ label, at }) => (
            <Button
              key={label}
              size="sm"
              className="justify-start shadow-none"
              onClick={() => {
                set(at);
                setOpen(false);
              }}
            >
              {label}
            </Button>
          ))}
        </div>
        <div className="mt-3 flex gap-2">
          <Input
            type="date"
            aria-label="Date"
            className="flex-1 px-2"
            value={due ? dateOf(due) : ""}
            onChange={(event) => {
              if (!event.target.value) return set(null);
              set(new Date(`${event.target.value}T${due ? timeOf(due) : `${pad(morning)}:00`}`));
            }}
          />
          <Input
            type="time"
            aria-label="Time"
            className="w-28 px-2"
            disabled={!due}
            value={due ? timeOf(due) : ""}
            onChange={(event) => {
              if (due && event.target.value) set(new Date(`${dateOf(due)}T${event.target.value}`));
            }}
          />
        </div>
      </PopoverContent>
    </Popover>
  );
}
