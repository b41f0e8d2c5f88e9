"use client";

import { memo, type MouseEvent, type PointerEvent, useId } from "react";
import { cn } from "@/lib/cn";
import { useCommentCount } from "../comments/counts";
import type { Priority, Task } from "../task";
import { priorityLabels } from "../view/labels";
import { Check } from "./check";
import { DueLabel } from "./due-label";
import { CommentMark, Mark } from "./marks";
import { TitleEditor } from "./title-editor";
import * as words from "@/messages/list";

/** The actions of a row; the functions stay the same while the list is mounted. */
export interface RowActions {
  open: (id: string) => void;
  edit: (id: string | null) => void;
  rename: (seen: Task, title: string) => void;
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
  /** The title of the task that it is below. */
  parent: string | undefined;
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
  const { subtasks, parent, hideProject } = props;
  const tab = active ? 0 : -1;
  const id = useId();
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      // Not from the checkbox too, whose label repeats the title.
      aria-labelledby={id}
      data-task={task.id}
      tabIndex={tab}
      onFocus={() => actions.activate(task.id)}
      onClick={(event) => actions.click(task.id, event)}
      onDoubleClick={() => actions.edit(task.id)}
      className={cn(
        "group/row relative flex h-full items-center rounded-lg pe-2 outline-offset-[-2px] transition-colors sm:pe-3 pointer-coarse:touch-pan-y pointer-coarse:select-none",
        selected ? "bg-accent-wash" : opened ? "bg-hover" : "hover:bg-hover",
        dragged && "opacity-40",
        sortable ? "ps-0.5 sm:ps-1" : "ps-3 lg:ps-1",
      )}
    >
      <div role="gridcell" className="contents">
        <span
          aria-hidden
          data-grip
          onPointerDown={(event) => actions.grab(task.id, event)}
          onClick={(event) => event.stopPropagation()}
          className={cn(
            "h-full w-5 shrink-0 cursor-grab touch-none text-ink-3/50 glyph-grip max-sm:glyph sm:group-hover/row:glyph sm:group-hover/row:text-ink-3/70 pointer-coarse:w-8",
            // Where rows have no order, it drags to the navigation, which is beside the list.
            !sortable && "max-lg:hidden",
          )}
        />
      </div>
      <div role="gridcell" className="ms-1 me-3 flex items-center">
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
        id={id}
        className="flex min-w-0 flex-1 flex-col justify-center sm:flex-row sm:items-center sm:gap-3"
      >
        {editing ? (
          <TitleEditor
            key={task.id}
            task={task}
            onDone={(title, seen) => {
              if (title !== null) actions.rename(seen, title);
              actions.edit(null);
            }}
          />
        ) : (
          <span
            dir="auto"
            className={cn(
              "block min-w-0 truncate sm:flex-1",
              task.completed && "text-ink-3 line-through decoration-ink-3/60",
            )}
          >
            {task.title}
          </span>
        )}
        <Meta {...{ task, subtasks, parent, hideProject }} />
      </div>
    </div>
  );
});

type MetaProps = Pick<TaskRowProps, "task" | "subtasks" | "parent" | "hideProject">;

function Meta({ task, subtasks, parent, hideProject }: MetaProps) {
  const project = hideProject ? null : task.project;
  const tags = task.tags.slice(0, 2);
  const more = task.tags.length - tags.length;
  const dated = task.due_at ?? task.due_date;
  const priority = priorityMarks[task.priority];
  const comments = useCommentCount(task.id);
  if (!(priority || project || tags.length > 0 || dated || task.recurrence || subtasks || parent || comments))
    return null;
  return (
    // On a phone, what has no room in its one line is left out.
    <span className="flex min-w-0 items-center gap-x-2.5 gap-y-2 overflow-hidden text-[0.8125rem] text-ink-3 max-sm:h-5 max-sm:flex-wrap sm:max-w-[65%] sm:shrink-0">
      {dated ? (
        <DueLabel due={task} done={task.completed} className="sm:order-last sm:min-w-14 sm:text-end" />
      ) : null}
      {priority ? (
        <Mark label={words.priorityIs({ priority: priorityLabels[task.priority]() })}>
          <span aria-hidden className={cn("text-xs font-semibold", priority.className)}>
            {priority.mark}
          </span>
        </Mark>
      ) : null}
      {task.recurrence ? (
        <Mark label={words.repeats()}>
          <span className="glyph size-3.5 glyph-repeat" />
        </Mark>
      ) : null}
      {subtasks ? (
        <Mark label={words.subtasksDone({ done: subtasks[1], count: subtasks[0] })}>
          <span className="glyph size-3.5 glyph-tree" />
          <span className="tabular">
            {subtasks[1]}/{subtasks[0]}
          </span>
        </Mark>
      ) : null}
      {comments ? <CommentMark count={comments} /> : null}
      {parent ? (
        <span title={words.subtaskOf({ title: parent })} className="min-w-0 truncate" dir="auto">
          <span aria-hidden>↳ {parent}</span>
          <span className="sr-only">{words.subtaskOf({ title: parent })}</span>
        </span>
      ) : null}
      {project ? (
        <span className="flex max-w-48 min-w-0 items-center gap-0.5 sm:max-w-40">
          <span className="glyph size-3.5 shrink-0 glyph-hash" />
          <span className="truncate" dir="auto">
            {project}
          </span>
        </span>
      ) : null}
      {tags.map((tag, i) => (
        // In a narrow list, as on a phone or beside the details, there is room for one name: the project's, if there is one.
        <span
          key={tag}
          className={cn("flex min-w-10 items-center gap-1", (project || i > 0) && "@max-2xl:hidden")}
        >
          <span className="glyph size-3 shrink-0 glyph-tag" />
          <span className="truncate" dir="auto">
            {tag}
          </span>
        </span>
      ))}
      {project && tags.length > 0 ? (
        <span
          role="img"
          aria-label={task.tags.join(", ")}
          title={task.tags.join(", ")}
          className="flex shrink-0 items-center gap-1 @2xl:hidden"
        >
          <span className="glyph size-3 glyph-tag" />
          <span className="tabular">{task.tags.length}</span>
        </span>
      ) : task.tags.length > 1 ? (
        <span className="@2xl:hidden">+{task.tags.length - 1}</span>
      ) : null}
      {more > 0 ? <span className="@max-2xl:hidden">+{more}</span> : null}
    </span>
  );
}

/** The ring of the checkbox shows the priority by its colour alone; the marks are the keys that set it. */
const priorityMarks: Record<Priority, { mark: string; className: string } | null> = {
  urgent: { mark: "P1", className: "text-urgent" },
  high: { mark: "P2", className: "text-high" },
  medium: { mark: "P3", className: "text-medium" },
  low: { mark: "P4", className: "text-low" },
  none: null,
};
