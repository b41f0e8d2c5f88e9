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
import { at, dueChoices, movedTo } from "../../view/due-choices";
import { inOtherZone } from "../../view/other-zone";
import { Calendar } from "./calendar";
import { ValueButton } from "./value-button";
import * as words from "@/messages/panel";

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
  const setDay = (day: Date | null) => patchTask(task.id, movedTo(task, day));

  function finishTyping() {
    if (typed === null) return;
    setTyped(null);
    if (!due) return;
    const [hour, minute] = typed.split(":").map(Number);
    if (hour !== undefined && minute !== undefined) setTime(at(due, hour, minute));
    else patchTask(task.id, onDay(due)); // without a time it is due on the day
  }

  const elsewhere = inOtherZone(task);
  return (
    <>
      <Popover
        open={open}
        onOpenChange={(opens) => {
          setOpen(opens);
          if (!opens) finishTyping();
        }}
      >
        <PopoverTrigger asChild>
          <ValueButton label={words.due()} unset={!due} className={cn(late && "text-danger")}>
            {describeDue(task, now) ?? words.noDate()}
          </ValueButton>
        </PopoverTrigger>
        <PopoverContent align="start" aria-label={words.due()} className="pointer-coarse:w-88">
          <div className="grid grid-cols-2 gap-1.5">
            {dueChoices(new Date(now)).map(({ label, day }) => (
              <Button
                key={label}
                size="sm"
                className="justify-start shadow-none"
                onClick={() => {
                  setDay(day);
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
          <label className="mt-2 flex items-center justify-between border-t border-line ps-1.5 pt-2 text-sm text-ink-2">
            {words.time()}
            <Input
              type="time"
              className="h-9 w-34 px-2"
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
      {elsewhere ? <span className="-mt-2 w-full pb-1.5 text-ink-3">{elsewhere}</span> : null}
    </>
  );
}
