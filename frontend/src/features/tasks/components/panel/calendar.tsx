"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { daysBetween, formatDate, formatMonthHeading, startOfDay } from "@/lib/time/days";
import { inMonths, monthDays } from "../../view/month";
import * as words from "@/messages/panel";
import { inlineKey } from "@/lib/words/direction";
import { perLocale } from "@/lib/words/per-locale";

const dayName = perLocale((tag) => new Intl.DateTimeFormat(tag, { weekday: "short" }));
const steps: Record<string, (day: Date) => Date> = {
  ArrowLeft: (day) => startOfDay(day, -1),
  ArrowRight: (day) => startOfDay(day, 1),
  ArrowUp: (day) => startOfDay(day, -7),
  ArrowDown: (day) => startOfDay(day, 7),
  PageUp: (day) => inMonths(day, -1),
  PageDown: (day) => inMonths(day, 1),
};

interface CalendarProps {
  value: Date | null;
  now: number;
  /** The first day of a week; 0 is Sunday. */
  weekStart: number;
  onPick: (day: Date) => void;
}

/** A month to pick a day from; arrow keys move between days. */
export function Calendar({ value, now, weekStart, onPick }: CalendarProps) {
  const [at, setAt] = useState(() => startOfDay(value ?? now));
  const grid = useRef<HTMLDivElement>(null);
  const days = monthDays(at, weekStart);
  const weeks = Array.from({ length: days.length / 7 }, (_, i) => days.slice(i * 7, i * 7 + 7));

  function onKeyDown(event: KeyboardEvent) {
    const step = steps[inlineKey(event.key)];
    if (!step) return;
    event.preventDefault();
    flushSync(() => setAt(step(at)));
    grid.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }

  return (
    <div>
      <div className="flex items-center justify-between ps-1.5">
        <h4 aria-live="polite" className="text-sm font-semibold">
          {formatMonthHeading(at)}
        </h4>
        <div className="flex">
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={words.previousMonth()}
            onClick={() => setAt(inMonths(at, -1))}
          >
            <ChevronLeft className="rtl:rotate-180" />
          </Button>
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={words.nextMonth()}
            onClick={() => setAt(inMonths(at, 1))}
          >
            <ChevronRight className="rtl:rotate-180" />
          </Button>
        </div>
      </div>
      <div ref={grid} role="grid" aria-label={formatMonthHeading(at)} onKeyDown={onKeyDown} className="mt-1">
        <div role="row" className="grid grid-cols-7 text-center text-xs text-ink-3">
          {days.slice(0, 7).map((day) => (
            <span key={day.getDay()} role="columnheader" className="py-1">
              {dayName().format(day).slice(0, 2)}
            </span>
          ))}
        </div>
        {weeks.map((week) => (
          <div key={week[0]?.getTime()} role="row" className="grid grid-cols-7">
            {week.map((day) => {
              const picked = value !== null && daysBetween(day, value) === 0;
              const today = daysBetween(day, now) === 0;
              return (
                <div key={day.getTime()} role="gridcell" aria-selected={picked} className="grid">
                  <button
                    type="button"
                    aria-label={formatDate(day)}
                    aria-current={today ? "date" : undefined}
                    tabIndex={daysBetween(day, at) === 0 ? 0 : -1}
                    onClick={() => onPick(day)}
                    className={cn(
                      "tabular grid h-8.5 place-items-center rounded-lg text-[0.8125rem] hover:bg-hover pointer-coarse:h-11",
                      day.getMonth() !== at.getMonth() && "text-ink-3",
                      today && "font-semibold text-accent",
                      picked && "bg-accent font-semibold text-accent-ink hover:bg-accent-strong",
                    )}
                  >
                    {day.getDate()}
                  </button>
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
