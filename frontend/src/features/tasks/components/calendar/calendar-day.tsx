"use client";

import { memo, useState } from "react";
import { cn } from "@/lib/cn";
import { formatDate } from "@/lib/time/days";
import { useAnew } from "@/lib/use-anew";
import { useSlots } from "../../hooks/use-slots";
import type { Task } from "../../task";
import { dateOf } from "../../view/due";
import { DropPlace } from "../drag";
import { placeProps } from "../follow-task";
import { CalendarTask } from "./calendar-task";
import * as words from "@/messages/calendar";
import { perLocale } from "@/lib/words/per-locale";

interface CalendarDayProps {
  /** Its place in the calendar, which other days take over. */
  place: number;
  day: Date;
  tasks: readonly Task[];
  today: boolean;
  /** Whether it belongs to another month than the one shown. */
  outside: boolean;
  /** How many tasks are shown before the rest is asked for. */
  most: number;
  /** Whether the day has a whole line, as on a phone. */
  wide: boolean;
  /** Whether there is room for long titles below each other. */
  tall: boolean;
  opened: string | null;
  onMove: (id: string, from: string | null, to: string | null) => void;
  onOpen: (id: string) => void;
}

const shortDay = perLocale((tag) => new Intl.DateTimeFormat(tag, { weekday: "short", day: "numeric" }));

export const CalendarDay = memo(function CalendarDay(props: CalendarDayProps) {
  const { place, day, tasks, today, outside, most, wide, tall, opened, onMove, onOpen } = props;
  const date = dateOf(day);
  const [all, setAll] = useState(false);
  useAnew(date, () => setAll(false));
  const shown = all ? tasks : tasks.slice(0, tasks.length > most ? most - 1 : most);
  const slots = useSlots(
    shown.map(({ id }) => id),
    date,
    null,
  );
  return (
    <li
      {...placeProps(date)}
      aria-label={formatDate(day)}
      aria-current={today ? "date" : undefined}
      className="min-w-0 bg-surface"
    >
      <DropPlace
        id={`day ${place}`}
        place={date}
        className={cn("h-full p-1", wide && "flex min-h-11 gap-2", outside && "bg-sunken")}
      >
        <p
          aria-hidden
          className={cn(
            "tabular text-xs",
            wide ? "w-14 shrink-0 px-1 py-1.5" : "px-1 pb-0.5",
            today ? "font-semibold text-accent" : "text-ink-3",
          )}
        >
          {wide ? shortDay().format(day) : day.getDate()}
        </p>
        {tasks.length > 0 ? (
          <ul className="min-w-0 flex-1 space-y-0.5">
            {shown.map((task) => (
              <CalendarTask
                key={slots.get(task.id)}
                task={task}
                date={date}
                tall={tall}
                opened={opened === task.id}
                onMove={onMove}
                onOpen={onOpen}
              />
            ))}
            {shown.length < tasks.length ? (
              <li>
                <button
                  type="button"
                  data-more=""
                  onClick={() => setAll(true)}
                  className="w-full rounded-md px-1.5 py-1 text-start text-xs text-ink-2 hover:bg-hover pointer-coarse:min-h-11"
                >
                  {words.more({ count: tasks.length - shown.length })}
                </button>
              </li>
            ) : null}
          </ul>
        ) : null}
      </DropPlace>
    </li>
  );
});
