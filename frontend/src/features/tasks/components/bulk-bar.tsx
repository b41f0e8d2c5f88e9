"use client";

import {
  ArrowDown,
  ArrowUp,
  CalendarDays,
  Check as CheckIcon,
  Ellipsis,
  Flag,
  FolderInput,
  RotateCcw,
  SkipForward,
  Tag,
  Trash2,
  X,
} from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import type { CommandId } from "@/lib/keys/commands";
import { useShortcut } from "@/lib/keys/use-shortcut";
import { useNow } from "@/lib/time/now";
import { areCompleted, completeOrReopen, destroy, patchMany, skip } from "../actions";
import { useLabelNames } from "../labels/use-labels";
import type { Selection } from "../hooks/use-selection";
import { useTasks } from "../hooks/use-tasks";
import { overLimit } from "../limits";
import { problemProps } from "../problem-props";
import { recurs } from "../series-question";
import { taskBindings } from "../task-bindings";
import { priorities, type Task } from "../task";
import { dueChoices, movedTo } from "../view/due-choices";
import { priorityLabels } from "../view/labels";
import { FieldProblem } from "./field-problem";
import { TaskMenuItems } from "./task-menu-items";
import * as changed from "@/messages/changed";
import * as words from "@/messages/bulk";
import * as common from "@/messages/common";

interface BulkBarProps {
  selection: Selection;
  /** Moves a task by one place; null where the list has another order. */
  move: ((id: string, by: 1 | -1) => void) | null;
}

/** The actions for the selected tasks. */
export function BulkBar({ selection, move }: BulkBarProps) {
  const { tasks } = useTasks();
  const now = useNow();
  const ids = [...selection.selected];
  const [first] = ids;
  if (!first) return null;
  const completed = areCompleted(tasks, ids);
  const { clear } = selection;
  const run = (change: () => void) => () => {
    change();
    clear();
  };
  // What may ask about a series first, and keeps the selection if the question is closed.
  const patch = (fields: Parameters<typeof patchMany>[1], text: string) =>
    patchMany(ids, fields, text, clear);
  return (
    <div
      role="toolbar"
      aria-label={words.selected({ count: ids.length })}
      className="pointer-events-auto fixed inset-x-0 bottom-[calc(0.75rem+env(safe-area-inset-bottom))] z-30 mx-auto flex w-fit max-w-[calc(100vw-1rem)] animate-rise items-center rounded-xl border border-line-2 bg-raised pe-1.5 shadow-2 sm:bottom-6 lg:start-64 lg:max-w-[calc(100vw-17rem)]"
    >
      {/* What clears the selection stays in view. */}
      <div className="flex min-w-0 items-center gap-0.5 overflow-x-auto p-1.5">
        <span aria-hidden className="tabular px-2.5 text-sm font-medium whitespace-nowrap">
          <span className="max-sm:hidden">{words.selected({ count: ids.length })}</span>
          {/* A phone has room for little more than the actions. */}
          <span className="sm:hidden">{ids.length}</span>
        </span>
        <Tool
          command="complete"
          label={completed ? words.reopen() : words.complete()}
          onClick={run(() => completeOrReopen(ids))}
        >
          {completed ? <RotateCcw /> : <CheckIcon />}
        </Tool>
        <Menu>
          <MenuTrigger asChild>
            <Tool label={words.due()} command="due">
              <CalendarDays />
            </Tool>
          </MenuTrigger>
          <MenuContent>
            {dueChoices(new Date(now)).map(({ label, day }) => (
              <MenuItem key={label} onSelect={() => patch((task) => movedTo(task, day), changed.due())}>
                {label}
              </MenuItem>
            ))}
          </MenuContent>
        </Menu>
        <Menu>
          <MenuTrigger asChild>
            <Tool label={words.priority()} command="priority">
              <Flag />
            </Tool>
          </MenuTrigger>
          <MenuContent>
            {priorities.toReversed().map((priority) => (
              <MenuItem key={priority} onSelect={() => patch({ priority }, changed.priority())}>
                {priorityLabels[priority]()}
              </MenuItem>
            ))}
          </MenuContent>
        </Menu>
        <ProjectTool onPick={(project) => patch({ project }, changed.project())} />
        <TagTool onPick={(tag) => patch(({ tags }) => ({ tags: [...tags, tag] }), changed.tagged({ tag }))} />
        {ids.every((id) => isOccurrence(tasks.get(id))) ? (
          <Tool label={words.skip()} command="skip" onClick={run(() => skip(ids))}>
            <SkipForward />
          </Tool>
        ) : null}
        {move && ids.length === 1 ? (
          <>
            <Tool iconOnly label={words.moveUp()} onClick={() => move(first, -1)}>
              <ArrowUp />
            </Tool>
            <Tool iconOnly label={words.moveDown()} onClick={() => move(first, 1)}>
              <ArrowDown />
            </Tool>
          </>
        ) : null}
        <Tool iconOnly label={common.toDelete()} command="delete" onClick={() => destroy(ids, clear)}>
          <Trash2 />
        </Tool>
        <Menu>
          <MenuTrigger asChild>
            <Tool iconOnly label={words.more()}>
              <Ellipsis />
            </Tool>
          </MenuTrigger>
          <MenuContent align="end">
            <TaskMenuItems bindings={taskBindings(ids, {})} commands={more} />
          </MenuContent>
        </Menu>
      </div>
      <Button look="ghost" size="icon-sm" aria-label={words.clearSelection()} onClick={clear}>
        <X />
      </Button>
    </div>
  );
}

const isOccurrence = (task: Task | undefined) => task !== undefined && recurs(task);

const more: CommandId[] = ["section", "repeat", "remind", "move", "outdent", "duplicate", "copyLink"];

type ToolProps = {
  label: string;
  /** Whether its icon says enough. */
  iconOnly?: boolean;
  command?: CommandId;
  children: ReactNode;
} & React.ComponentProps<"button">;

function Tool({ label, iconOnly, command, children, ...props }: ToolProps) {
  return (
    <Button look="ghost" size="sm" aria-label={label} {...useShortcut(label, command)} {...props}>
      {children}
      {iconOnly ? null : <span className="max-xl:sr-only">{label}</span>}
    </Button>
  );
}

function ProjectTool({ onPick }: { onPick: (project: string | null) => void }) {
  const projects = useLabelNames("project");
  return (
    <Menu>
      <MenuTrigger asChild>
        <Tool label={words.project()} command="project">
          <FolderInput />
        </Tool>
      </MenuTrigger>
      <MenuContent className="max-h-72 overflow-y-auto">
        {projects.map((project) => (
          <MenuItem key={project} onSelect={() => onPick(project)}>
            <span className="truncate" dir="auto">
              {project}
            </span>
          </MenuItem>
        ))}
        {projects.length > 0 ? <MenuSeparator /> : null}
        <MenuItem onSelect={() => onPick(null)}>{words.noProject()}</MenuItem>
      </MenuContent>
    </Menu>
  );
}

function TagTool({ onPick }: { onPick: (tag: string) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const tag = text.trim().replace(/^@/, "");
  const problemId = useId();
  const problem = overLimit({ tags: [tag] });
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Tool label={words.tag()} command="tag">
          <Tag />
        </Tool>
      </PopoverTrigger>
      <PopoverContent>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (problem) return;
            setOpen(false);
            if (tag) onPick(tag);
          }}
        >
          <Input
            value={text}
            onChange={(event) => setText(event.target.value)}
            aria-label={words.tagToAdd()}
            placeholder={words.tagToAdd()}
            {...problemProps(problemId, problem)}
            autoComplete="off"
          />
          <FieldProblem id={problemId}>{problem}</FieldProblem>
        </form>
      </PopoverContent>
    </Popover>
  );
}
