"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { useWeekStart } from "@/features/settings";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/time/now";
import { localZone } from "@/lib/time/zone";
import { recurrencePreviewOptions } from "../../api/preview-recurrence";
import { patchTask } from "../../changes";
import { weekdayName } from "../../recurrence/describe-rule";
import {
  everyDay,
  formatRule,
  frequencies,
  type Frequency,
  parseRule,
  type Rule,
  weekdays,
} from "../../recurrence/rule";
import { seriesStart } from "../../recurrence/series-start";
import { problemProps } from "../../problem-props";
import type { Recurrence, Task } from "../../task";
import { type Due, dueTime, onDay } from "../../view/due";
import { FieldProblem } from "../field-problem";
import { EndOfSeries } from "./recurrence-end";
import { MonthDayField } from "./recurrence-month-day";
import { NextDates } from "./recurrence-next-dates";
import * as words from "@/messages/repeatEditor";
import * as common from "@/messages/common";

const units: Record<Frequency, (given: { count: number }) => string> = {
  DAILY: words.days,
  WEEKLY: words.weeks,
  MONTHLY: words.months,
  YEARLY: words.years,
};

/** Edits how often a task recurs, and previews the next dates. */
export function RecurrenceEditor({ task, onDone }: { task: Task; onDone: () => void }) {
  const [seen] = useState(task);
  const [mode, setMode] = useState<Recurrence["mode"]>(task.recurrence?.mode ?? "schedule");
  const [refused, setRefused] = useState(false);
  const problemId = useId();
  const problem = refused ? words.notSaved() : null;
  const [text, setText] = useState(
    task.recurrence?.rrule ?? formatRule({ ...everyDay, frequency: "WEEKLY" }),
  );
  const now = useNow();
  // Without a due date there is no start to count from.
  const begun = dueTime(task) === null ? onDay(new Date(now)) : null;
  const dueDate: Due = begun ?? task;
  const timezone = task.timezone ?? localZone();
  const start = seriesStart({ ...dueDate, timezone });
  const due = start?.wall ?? new Date(0);
  const parsed = parseRule(text, start);
  // The list starts with Monday.
  const first = (useWeekStart() + 6) % 7;
  const [custom, setCustom] = useState(parsed === null);
  const rule = parsed ?? everyDay;
  function write(rule: string) {
    setText(rule);
    setRefused(false);
  }
  const change = (part: Partial<Rule>) => write(formatRule({ ...rule, ...part }));
  const series = {
    ...{ rrule: text.trim(), mode, timezone },
    ...{ due_at: dueDate.due_at, due_date: dueDate.due_date, number: task.series?.number ?? 1 },
  };
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);

  /** A rule that the server would refuse is not saved: the editor stays open, with the reason. */
  async function save() {
    setBusy(true);
    try {
      await client.fetchQuery(recurrencePreviewOptions(series));
    } catch {
      return setRefused(true); // the preview says why
    } finally {
      setBusy(false);
    }
    patchTask(seen.id, { ...begun, recurrence: { rrule: text.trim(), mode } }, seen);
    onDone();
  }

  return (
    <div className="space-y-3">
      {custom ? (
        <Input
          value={text}
          onChange={(event) => write(event.target.value)}
          {...problemProps(problemId, problem)}
          aria-label={words.rule()}
          spellCheck={false}
          className="font-mono text-[0.8125rem]"
        />
      ) : (
        <>
          <div className="flex items-center gap-2">
            <span>{words.every()}</span>
            <Input
              type="number"
              min={1}
              max={999}
              aria-label={words.interval()}
              className="w-16 px-2"
              value={rule.interval}
              onChange={(event) =>
                change({ interval: Math.max(1, Math.min(999, event.target.valueAsNumber || 1)) })
              }
            />
            <Select
              aria-label={words.unit()}
              value={rule.frequency}
              onChange={(event) =>
                change({ frequency: event.target.value as Frequency, weekdays: [], monthDay: null })
              }
              className="flex-1"
            >
              {frequencies.map((frequency) => (
                <option key={frequency} value={frequency}>
                  {units[frequency]({ count: rule.interval })}
                </option>
              ))}
            </Select>
          </div>
          {rule.frequency === "WEEKLY" ? (
            <div role="group" aria-label={words.weekdays()} className="flex justify-between">
              {[...weekdays.slice(first), ...weekdays.slice(0, first)].map((day) => {
                const on = rule.weekdays.includes(day);
                return (
                  <button
                    key={day}
                    type="button"
                    aria-pressed={on}
                    aria-label={weekdayName(day)}
                    onClick={() =>
                      change({
                        weekdays: on ? rule.weekdays.filter((d) => d !== day) : [...rule.weekdays, day],
                      })
                    }
                    className={cn(
                      "size-9 rounded-full border text-[0.8125rem] font-medium pointer-coarse:size-11",
                      on ? "border-accent bg-accent text-accent-ink" : "border-line-2 hover:bg-hover",
                    )}
                  >
                    {weekdayName(day, "short").slice(0, 2)}
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
        <span className="sr-only">{words.countedFrom()}</span>
        <Select value={mode} onChange={(event) => setMode(event.target.value as Recurrence["mode"])}>
          <option value="schedule">{words.fromDue()}</option>
          <option value="completion">{words.fromCompletion()}</option>
        </Select>
      </label>
      <NextDates series={series} />
      <FieldProblem id={problemId}>{problem}</FieldProblem>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" size="sm" disabled={busy} onClick={() => void save()}>
          {common.save()}
        </Button>
        {task.recurrence ? (
          <Button
            size="sm"
            onClick={() => {
              patchTask(task.id, { recurrence: null });
              onDone();
            }}
          >
            {words.neverRepeat()}
          </Button>
        ) : null}
        {parsed ? (
          <Button look="ghost" size="sm" className="ms-auto" onClick={() => setCustom(!custom)}>
            {custom ? words.simple() : words.asRule()}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
