"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input, inputStyles } from "@/components/ui/field";
import { useWeekStart } from "@/features/settings";
import { cn } from "@/lib/cn";
import { localZone } from "@/lib/time/zone";
import { patchTask } from "../../changes";
import {
  everyDay,
  formatRule,
  frequencies,
  type Frequency,
  parseRule,
  type Rule,
  weekdayNames,
  weekdays,
} from "../../recurrence/rule";
import type { Recurrence, Task } from "../../task";
import { type Due, dueTime, onDay } from "../../view/due";
import { EndOfSeries } from "./recurrence-end";
import { MonthDayField } from "./recurrence-month-day";
import { NextDates } from "./recurrence-next-dates";

const units: Record<Frequency, string> = {
  DAILY: "days",
  WEEKLY: "weeks",
  MONTHLY: "months",
  YEARLY: "years",
};

/** Edits how often a task recurs, and previews the next dates. */
export function RecurrenceEditor({ task, onDone }: { task: Task; onDone: () => void }) {
  const [mode, setMode] = useState<Recurrence["mode"]>(task.recurrence?.mode ?? "schedule");
  const [text, setText] = useState(
    task.recurrence?.rrule ?? formatRule({ ...everyDay, frequency: "WEEKLY" }),
  );
  const parsed = parseRule(text);
  // The list starts with Monday.
  const first = (useWeekStart() + 6) % 7;
  const [custom, setCustom] = useState(parsed === null);
  const rule = parsed ?? everyDay;
  const change = (part: Partial<Rule>) => setText(formatRule({ ...rule, ...part }));
  // Without a due date there is no start to count from.
  const dueDate: Due = dueTime(task) === null ? onDay(new Date()) : task;
  const due = new Date(dueTime(dueDate) ?? 0);
  const timezone = task.timezone ?? localZone();

  function save() {
    patchTask(task.id, {
      recurrence: { rrule: text.trim(), mode },
      due_at: dueDate.due_at,
      due_date: dueDate.due_date,
    });
    onDone();
  }

  return (
    <div className="space-y-3">
      {custom ? (
        <Input
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label="Rule (RFC 5545)"
          maxLength={500}
          spellCheck={false}
          className="font-mono text-[0.8125rem]"
        />
      ) : (
        <>
          <div className="flex items-center gap-2">
            <span>Every</span>
            <Input
              type="number"
              min={1}
              max={999}
              aria-label="How many"
              className="w-16 px-2"
              value={rule.interval}
              onChange={(event) =>
                change({ interval: Math.max(1, Math.min(999, event.target.valueAsNumber || 1)) })
              }
            />
            <select
              aria-label="Days, weeks, months or years"
              value={rule.frequency}
              onChange={(event) =>
                change({ frequency: event.target.value as Frequency, weekdays: [], monthDay: null })
              }
              className={cn(inputStyles, "h-10 flex-1 px-2")}
            >
              {frequencies.map((frequency) => (
                <option key={frequency} value={frequency}>
                  {units[frequency]}
                </option>
              ))}
            </select>
          </div>
          {rule.frequency === "WEEKLY" ? (
            <div role="group" aria-label="On" className="flex justify-between">
              {[...weekdays.slice(first), ...weekdays.slice(0, first)].map((day) => {
                const on = rule.weekdays.includes(day);
                return (
                  <button
                    key={day}
                    type="button"
                    aria-pressed={on}
                    aria-label={weekdayNames[day]}
                    onClick={() =>
                      change({
                        weekdays: on ? rule.weekdays.filter((d) => d !== day) : [...rule.weekdays, day],
                      })
                    }
                    className={cn(
                      "size-9 rounded-full border text-[0.8125rem] font-medium",
                      on ? "border-accent bg-accent text-accent-ink" : "border-line-2 hover:bg-hover",
                    )}
                  >
                    {weekdayNames[day].slice(0, 2)}
                  </button>
                );
              })}
            </div>
          ) : null}
          {rule.frequency === "MONTHLY" ? (
            <MonthDayField value={rule.monthDay} due={due} onChange={(monthDay) => change({ monthDay })} />
          ) : null}
          <EndOfSeries end={rule.end} due={due} onChange={(end) => change({ end })} />
        </>
      )}
      <label className="block">
        <span className="sr-only">Counted from</span>
        <select
          value={mode}
          onChange={(event) => setMode(event.target.value as Recurrence["mode"])}
          className={cn(inputStyles, "h-10 px-2")}
        >
          <option value="schedule">From the due date</option>
          <option value="completion">From the completion date</option>
        </select>
      </label>
      <NextDates
        series={{
          rrule: text.trim(),
          mode,
          due_at: dueDate.due_at,
          due_date: dueDate.due_date,
          timezone,
          number: task.series?.number ?? 1,
        }}
      />
      <div className="flex gap-2">
        <Button look="primary" size="sm" onClick={save}>
          Save
        </Button>
        {task.recurrence ? (
          <Button
            size="sm"
            onClick={() => {
              patchTask(task.id, { recurrence: null });
              onDone();
            }}
          >
            Never repeat
          </Button>
        ) : null}
        {parsed ? (
          <Button look="ghost" size="sm" className="ml-auto" onClick={() => setCustom(!custom)}>
            {custom ? "Simple" : "As a rule"}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
