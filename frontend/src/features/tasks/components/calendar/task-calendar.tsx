"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useWeekStart } from "@/features/settings";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { daysBetween, formatDate, formatMonthHeading, startOfDay } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { usePhone } from "@/lib/use-media";
import { patchMany } from "../../actions";
import { useSetTaskQuery } from "../../hooks/use-task-query";
import { taskStore } from "../../store";
import { daysOf, plan, type Span, spans } from "../../view/calendar";
import { dateOf, dayOf } from "../../view/due";
import { movedTo } from "../../view/due-choices";
import { inMonths } from "../../view/month";
import type { TaskQuery } from "../../view/query";
import type { Row } from "../../view/rows";
import { DragArea } from "../drag";
import { placesProps } from "../follow-task";
import { CalendarDay } from "./calendar-day";
import { Unscheduled } from "./unscheduled";
import * as changed from "@/messages/changed";
import * as words from "@/messages/calendar";
import * as common from "@/messages/common";
import { perLocale } from "@/lib/words/per-locale";

const dayName = perLocale((tag) => new Intl.DateTimeFormat(tag, { weekday: "short" }));
const labels: Record<Span, () => string> = { month: words.month, week: words.week };

/** The tasks of a list on the days when they are due; dragging one plans it, and it keeps its time of day. */
export function TaskCalendar({ rows, query }: { rows: Row[]; query: TaskQuery }) {
  const now = useNow();
  const weekStart = useWeekStart();
  const phone = usePhone();
  const setQuery = useSetTaskQuery();
  const [span, setSpan] = useState<Span>(phone ? "week" : "month");
  const [at, setAt] = useState(() => startOfDay(now));
  const [said, setSaid] = useState("");
  const planned = useMemo(() => plan(rows.flatMap((row) => (row.kind === "task" ? row.task : []))), [rows]);
  const days = daysOf(span, at, weekStart);
  const step = (by: number) => setAt(span === "month" ? inMonths(at, by) : startOfDay(at, 7 * by));
  const move = useCallback(
    (id: string, _: string | null, to: string | null) => {
      const task = taskStore.get(id);
      const day = to === null ? null : dayOf(to);
      if (!task || (task.due_date ?? (task.due_at && dateOf(new Date(task.due_at)))) === to) return;
      const { title } = task;
      patchMany([id], movedTo(task, day), changed.due(), () => {
        // A task that is moved out of sight takes the calendar with it.
        if (day) setAt((at) => (daysOf(span, at, weekStart).some((one) => dateOf(one) === to) ? at : day));
        setSaid(day ? words.nowDue({ title, day: formatDate(day) }) : words.nowUndated({ title }));
      });
    },
    [span, weekStart],
  );
  const open = useCallback((task: string) => setQuery({ task }), [setQuery]);
  const title = span === "month" ? formatMonthHeading(at) : weekTitle(days);
  return (
    <DragArea<string | null> onDrop={move}>
      <div className="flex shrink-0 flex-wrap items-center gap-1 pt-2 pb-2">
        <h2
          aria-live="polite"
          className="min-w-0 flex-1 truncate ps-1 font-semibold max-sm:basis-full max-sm:py-1"
        >
          {title}
        </h2>
        <div
          role="group"
          aria-label={words.span()}
          className="flex rounded-lg bg-sunken p-0.5 max-sm:me-auto"
        >
          {spans.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === span}
              onClick={() => setSpan(one)}
              className={cn(
                "h-7 rounded-md px-2.5 text-sm pointer-coarse:h-11",
                one === span ? "bg-raised text-ink shadow-1" : "text-ink-2 hover:text-ink",
              )}
            >
              {labels[one]()}
            </button>
          ))}
        </div>
        <Button look="ghost" size="sm" onClick={() => setAt(startOfDay(now))}>
          {common.today()}
        </Button>
        <Button
          look="ghost"
          size="icon-sm"
          aria-label={words.previousSpan({ span })}
          onClick={() => step(-1)}
        >
          <ChevronLeft className="rtl:rotate-180" />
        </Button>
        <Button look="ghost" size="icon-sm" aria-label={words.nextSpan({ span })} onClick={() => step(1)}>
          <ChevronRight className="rtl:rotate-180" />
        </Button>
      </div>
      <div {...placesProps} className="flex min-h-0 flex-1 gap-3 pb-4 max-lg:flex-col max-lg:overflow-y-auto">
        <div className="flex min-w-0 flex-1 flex-col lg:min-h-0 lg:overflow-y-auto">
          {phone ? null : (
            <div aria-hidden className="grid shrink-0 grid-cols-7 text-xs text-ink-3">
              {days.slice(0, 7).map((day) => (
                <span key={day.getDay()} className="px-2 pb-1">
                  {dayName().format(day)}
                </span>
              ))}
            </div>
          )}
          <ol
            aria-label={title}
            className={cn(
              "gap-px overflow-hidden rounded-xl border border-line bg-line",
              phone ? "grid" : "grid flex-1 grid-cols-7",
              !phone && span === "month" && "auto-rows-[minmax(6.75rem,1fr)]",
            )}
          >
            {days.map((day, i) => (
              <CalendarDay
                // The days of another month take over the elements, as the rows of another list do.
                key={i}
                place={i}
                day={day}
                tasks={planned.days.get(dateOf(day)) ?? []}
                today={daysBetween(day, now) === 0}
                outside={span === "month" && day.getMonth() !== at.getMonth()}
                most={span === "month" && !phone ? 3 : Infinity}
                wide={phone}
                tall={span === "week" && !phone}
                opened={query.task}
                onMove={move}
                onOpen={open}
              />
            ))}
          </ol>
        </div>
        <Unscheduled tasks={planned.unscheduled} opened={query.task} onMove={move} onOpen={open} />
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
    </DragArea>
  );
}

const dayAndMonth = perLocale(
  (tag) => new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", year: "numeric" }),
);

const weekTitle = (days: Date[]) => dayAndMonth().formatRange(days[0] as Date, days.at(-1) as Date);
