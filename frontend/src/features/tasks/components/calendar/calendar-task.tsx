"use client";

import { type KeyboardEvent, memo } from "react";
import { MenuItem } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { formatTime, startOfDay } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { inlineKey } from "@/lib/words/direction";
import { useCommentCount } from "../../comments/counts";
import type { Task } from "../../task";
import { dateOf, dayOf, isOverdue } from "../../view/due";
import { dueChoices } from "../../view/due-choices";
import { CornerMenu } from "../corner-menu";
import { useTaskDrag } from "../drag";
import { followTask } from "../follow-task";
import { CommentMark } from "../marks";
import * as words from "@/messages/calendar";

interface CalendarTaskProps {
  task: Task;
  /** The day where it is shown; null among the unscheduled ones. */
  date: string | null;
  /** Whether its title may have several lines. */
  tall?: boolean;
  opened: boolean;
  onMove: (id: string, from: string | null, to: string | null) => void;
  onOpen: (id: string) => void;
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export const CalendarTask = memo(function CalendarTask(props: CalendarTaskProps) {
  const { task, date, tall, opened, onMove, onOpen } = props;
  const now = useNow();
  const { ref, listeners, isDragging, node } = useTaskDrag(task.id, date ?? "unscheduled", date);
  const late = !task.completed && isOverdue(task, now);
  const comments = useCommentCount(task.id);

  function to(day: Date | null) {
    const place = day && dateOf(day);
    onMove(task.id, date, place);
    followTask(node.current, task.id, place);
  }

  /** Alt and an arrow move a task by a day or a week, as they look in the calendar. */
  function onKeyDown(event: KeyboardEvent) {
    const by = steps[inlineKey(event.key)];
    if (!event.altKey || !by || date === null) return;
    event.preventDefault();
    event.stopPropagation();
    to(startOfDay(dayOf(date), by));
  }

  return (
    <li
      ref={ref}
      {...listeners}
      data-task={task.id}
      className={cn(
        "group/task @container relative flex items-center rounded-md border text-xs select-none",
        opened ? "border-accent bg-accent-wash" : "border-transparent bg-accent-wash/60 hover:bg-accent-wash",
        late && !opened && "bg-danger-wash hover:bg-danger-wash",
        isDragging && "opacity-40",
      )}
    >
      <button
        type="button"
        onClick={() => onOpen(task.id)}
        onKeyDown={onKeyDown}
        title={task.title}
        className={cn(
          "flex min-h-6 min-w-0 flex-1 gap-1.5 px-1.5 py-1 text-start pointer-coarse:min-h-11",
          tall ? "items-baseline" : "items-center",
        )}
      >
        {task.due_at ? (
          <span className={cn("tabular shrink-0", late ? "text-danger" : "text-ink-2")}>
            {formatTime(new Date(task.due_at))}
          </span>
        ) : null}
        <span
          dir="auto"
          className={cn(
            tall ? "line-clamp-3 wrap-break-word" : "truncate",
            task.completed && "line-through decoration-ink-3/60",
          )}
        >
          {task.title}
        </span>
        {late ? <span className="sr-only">{words.overdue()}</span> : null}
        {comments ? (
          // In a narrow day the title needs the room.
          <span className="text-ink-3 @max-[8.5rem]:sr-only @min-[8.5rem]:ms-auto">
            <CommentMark count={comments} />
          </span>
        ) : null}
      </button>
      <CornerMenu
        glyph="size-3.5 glyph-plan"
        label={words.planTask({ title: task.title })}
        title={words.plan()}
        heading={words.due()}
        className="size-6 rounded-md data-[state=open]:bg-raised pointer-fine:absolute pointer-fine:end-0 pointer-fine:group-focus-within/task:bg-raised pointer-fine:group-hover/task:bg-raised"
      >
        <PlanItems date={date} onPlan={to} />
      </CornerMenu>
    </li>
  );
});

/** The days to which a task can be moved from a day. */
function PlanItems({ date, onPlan }: { date: string | null; onPlan: (day: Date | null) => void }) {
  const now = useNow();
  return (
    <>
      {dueChoices(new Date(now)).map(({ label, day }) => (
        <MenuItem key={label} onSelect={() => onPlan(day)}>
          {label}
        </MenuItem>
      ))}
      {date ? (
        <>
          <MenuItem onSelect={() => onPlan(startOfDay(dayOf(date), -1))}>{words.dayEarlier()}</MenuItem>
          <MenuItem onSelect={() => onPlan(startOfDay(dayOf(date), 1))}>{words.dayLater()}</MenuItem>
        </>
      ) : null}
    </>
  );
}
