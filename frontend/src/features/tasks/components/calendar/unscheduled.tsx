"use client";

import type { Task } from "../../task";
import { DropPlace } from "../drag";
import { FirstTasks } from "../first-tasks";
import { placeProps } from "../follow-task";
import { CalendarTask } from "./calendar-task";
import * as words from "@/messages/calendar";

interface UnscheduledProps {
  tasks: readonly Task[];
  opened: string | null;
  onMove: (id: string, from: string | null, to: string | null) => void;
  onOpen: (id: string) => void;
}

/** The tasks of the list without a due date, to be planned; a task that is dropped here loses its own. */
export function Unscheduled({ tasks, opened, onMove, onOpen }: UnscheduledProps) {
  return (
    <section
      {...placeProps(null)}
      aria-label={words.unscheduled()}
      className="flex shrink-0 flex-col rounded-xl bg-sunken lg:min-h-0 lg:w-56"
    >
      <h3 className="flex items-baseline gap-2 px-3 pt-2.5 pb-1.5 text-[0.8125rem] font-semibold text-ink-2">
        {words.unscheduled()} <span className="tabular font-normal text-ink-3">{tasks.length}</span>
      </h3>
      <DropPlace
        id="unscheduled"
        place={null}
        className="min-h-14 flex-1 overflow-y-auto rounded-b-xl px-2 pb-2"
      >
        <FirstTasks tasks={tasks} className="space-y-0.5">
          {(task) => (
            <CalendarTask
              key={task.id}
              task={task}
              date={null}
              opened={opened === task.id}
              onMove={onMove}
              onOpen={onOpen}
            />
          )}
        </FirstTasks>
        {tasks.length === 0 ? <p className="px-1 text-xs text-ink-3">{words.dropHere()}</p> : null}
      </DropPlace>
    </section>
  );
}
