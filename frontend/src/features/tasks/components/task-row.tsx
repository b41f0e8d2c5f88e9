"use client";

import { memo, type MouseEvent, type PointerEvent, type ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { Task } from "../task";
import { Check } from "./check";
import { DueLabel } from "./due-label";
import { TitleEditor } from "./title-editor";

/** The actions of a row; the functions stay the same while the list is mounted. */
export interface RowActions {
  open: (id: string) => void;
  edit: (id: string | null) => void;
  rename: (id: string, title: string) => void;
  complete: (id: string, completed: boolean) => void;
  activate: (id: string) => void;
  click: (id: string, event: MouseEvent) => void;
  grab: (id: string, event: PointerEvent) => void;
}

interface TaskRowProps {
  task: Task;
  index: number;
  /** The number of subtasks, and how many of them are completed. */
  subtasks: readonly [number, number] | undefined;
  selected: boolean;
  active: boolean;
  opened: boolean;
  editing: boolean;
  dragged: boolean;
  sortable: boolean;
  /** The scope of the list, which rows need not repeat. */
  hideProject: boolean;
  actions: RowActions;
}

export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, index, selected, active, opened, editing, dragged, sortable, actions } = props;
  const tab = active ? 0 : -1;
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      data-task={task.id}
      tabIndex={tab}
      onFocus={() => actions.activate(task.id)}
      onClick={(event) => actions.click(task.id, event)}
      onDoubleClick={() => actions.edit(task.id)}
      className={cn(
        "group/row relative flex h-full items-center rounded-lg pr-2 outline-offset-[-2px] transition-colors sm:pr-3",
        selected ? "bg-accent-wash" : opened ? "bg-hover" : "hover:bg-hover",
        dragged && "opacity-40",
        sortable ? "pl-0.5 sm:pl-1" : "pl-3",
      )}
    >
      {sortable ? (
        <div role="gridcell" className="contents">
          <span
            aria-hidden
            onPointerDown={(event) => actions.grab(task.id, event)}
            onClick={(event) => event.stopPropagation()}
            className="glyph h-full w-5 shrink-0 cursor-grab touch-none text-ink-3 opacity-50 glyph-grip sm:opacity-0 sm:group-hover/row:opacity-70"
          />
        </div>
      ) : null}
      <div role="gridcell" className="mr-3 ml-1 flex items-center">
        <Check
          title={task.title}
          completed={task.completed}
          priority={task.priority}
          tabIndex={tab}
          onChange={(completed) => actions.complete(task.id, completed)}
        />
      </div>
      <div
        role="gridcell"
        className="flex min-w-0 flex-1 flex-col justify-center sm:flex-row sm:items-center sm:gap-3"
      >
        {editing ? (
          <TitleEditor
            title={task.title}
            onDone={(title) => {
              if (title !== null) actions.rename(task.id, title);
              actions.edit(null);
            }}
          />
        ) : (
          <span
            dir="auto"
            className={cn(
              "block min-w-0 truncate text-left sm:flex-1",
              task.completed && "text-ink-3 line-through decoration-ink-3/60",
            )}
          >
            {task.title}
          </span>
        )}
        <Meta {...props} />
      </div>
    </div>
  );
});

function Meta({ task, subtasks, hideProject }: TaskRowProps) {
  const project = hideProject ? null : task.project;
  const tags = task.tags.slice(0, 2);
  const more = task.tags.length - tags.length;
  const dated = task.due_at ?? task.due_date;
  if (!project && tags.length === 0 && !dated && !task.recurrence && !subtasks) return null;
  return (
    <span className="flex min-w-0 items-center gap-2.5 overflow-hidden text-[0.8125rem] text-ink-3 sm:max-w-[55%] sm:shrink-0">
      {dated ? (
        <DueLabel due={task} done={task.completed} className="sm:order-last sm:min-w-14 sm:text-right" />
      ) : null}
      {task.recurrence ? (
        <Mini label="Repeats">
          <span className="glyph size-3.5 glyph-repeat" />
        </Mini>
      ) : null}
      {subtasks ? (
        <Mini label={`${subtasks[1]} of ${subtasks[0]} subtasks done`}>
          <span className="glyph size-3.5 glyph-tree" />
          <span className="tabular">
            {subtasks[1]}/{subtasks[0]}
          </span>
        </Mini>
      ) : null}
      {project ? (
        <span className="flex min-w-0 items-center gap-0.5">
          <span className="glyph size-3.5 shrink-0 glyph-hash" />
          <span className="truncate" dir="auto">
            {project}
          </span>
        </span>
      ) : null}
      {tags.map((tag, i) => (
        // In a narrow list, as on a phone or beside the details, there is room for only one.
        <span key={tag} className={cn("flex min-w-0 items-center gap-1", i > 0 && "@max-2xl:hidden")}>
          <span className="glyph size-3 shrink-0 glyph-tag" />
          <span className="truncate" dir="auto">
            {tag}
          </span>
        </span>
      ))}
      {task.tags.length > 1 ? <span className="@2xl:hidden">+{task.tags.length - 1}</span> : null}
      {more > 0 ? <span className="@max-2xl:hidden">+{more}</span> : null}
    </span>
  );
}

function Mini({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span title={label} className="flex shrink-0 items-center gap-1">
      {children}
      <span className="sr-only">{label}</span>
    </span>
  );
}
