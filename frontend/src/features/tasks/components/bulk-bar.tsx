"use client";

import {
  CalendarDays,
  Check as CheckIcon,
  Flag,
  FolderInput,
  RotateCcw,
  SkipForward,
  Tag,
  Trash2,
  X,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { complete, destroy, patchMany, skip } from "../actions";
import { useCounts } from "../hooks/use-counts";
import type { Selection } from "../hooks/use-selection";
import { recurs } from "../series-question";
import { taskStore } from "../store";
import { priorities, type Task } from "../task";
import { onDay } from "../view/due";
import { dueChoices } from "../view/due-choices";
import { priorityLabels } from "../view/labels";

/** The actions for the selected tasks. */
export function BulkBar({ selection, completed }: { selection: Selection; completed: boolean }) {
  const ids = [...selection.selected];
  if (ids.length === 0) return null;
  const run = (change: () => void) => () => {
    change();
    selection.clear();
  };
  return (
    <div
      role="toolbar"
      aria-label={`${ids.length} selected`}
      className="pointer-events-auto fixed inset-x-0 bottom-[calc(5rem+env(safe-area-inset-bottom))] z-30 mx-auto flex w-fit max-w-[calc(100vw-1rem)] animate-rise items-center gap-0.5 overflow-x-auto rounded-xl border border-line-2 bg-raised p-1.5 shadow-2 sm:bottom-6 lg:left-64"
    >
      <span className="tabular px-2.5 text-sm font-medium whitespace-nowrap">{ids.length} selected</span>
      <Tool label={completed ? "Reopen" : "Complete"} onClick={run(() => complete(ids, !completed))}>
        {completed ? <RotateCcw /> : <CheckIcon />}
      </Tool>
      <Menu>
        <MenuTrigger asChild>
          <Tool label="Due">
            <CalendarDays />
          </Tool>
        </MenuTrigger>
        <MenuContent>
          {dueChoices(new Date()).map(({ label, day }) => (
            <MenuItem key={label} onSelect={run(() => patchMany(ids, onDay(day), "Due date changed"))}>
              {label}
            </MenuItem>
          ))}
        </MenuContent>
      </Menu>
      <Menu>
        <MenuTrigger asChild>
          <Tool label="Priority">
            <Flag />
          </Tool>
        </MenuTrigger>
        <MenuContent>
          {priorities.toReversed().map((priority) => (
            <MenuItem key={priority} onSelect={run(() => patchMany(ids, { priority }, "Priority changed"))}>
              {priorityLabels[priority]}
            </MenuItem>
          ))}
        </MenuContent>
      </Menu>
      <ProjectTool onPick={(project) => run(() => patchMany(ids, { project }, "Project changed"))()} />
      <TagTool
        onPick={(tag) =>
          run(() => patchMany(ids, ({ tags }) => ({ tags: [...new Set([...tags, tag])] }), `Tagged ${tag}`))()
        }
      />
      {ids.every((id) => isOccurrence(taskStore.get(id))) ? (
        <Tool label="Skip" onClick={run(() => skip(ids))}>
          <SkipForward />
        </Tool>
      ) : null}
      <Tool label="Delete" onClick={run(() => destroy(ids))}>
        <Trash2 />
      </Tool>
      <Button look="ghost" size="icon-sm" aria-label="Select nothing" onClick={selection.clear}>
        <X />
      </Button>
    </div>
  );
}

const isOccurrence = (task: Task | undefined) => task !== undefined && recurs(task);

function Tool({
  label,
  children,
  ...props
}: { label: string; children: ReactNode } & React.ComponentProps<"button">) {
  return (
    <Button look="ghost" size="sm" aria-label={label} title={label} {...props}>
      {children}
      <span className="max-md:sr-only">{label}</span>
    </Button>
  );
}

function ProjectTool({ onPick }: { onPick: (project: string | null) => void }) {
  const { projects } = useCounts();
  return (
    <Menu>
      <MenuTrigger asChild>
        <Tool label="Project">
          <FolderInput />
        </Tool>
      </MenuTrigger>
      <MenuContent className="max-h-72 overflow-y-auto">
        {projects.map(([project]) => (
          <MenuItem key={project} onSelect={() => onPick(project)}>
            <span className="truncate" dir="auto">
              {project}
            </span>
          </MenuItem>
        ))}
        {projects.length > 0 ? <MenuSeparator /> : null}
        <MenuItem onSelect={() => onPick(null)}>No project</MenuItem>
      </MenuContent>
    </Menu>
  );
}

function TagTool({ onPick }: { onPick: (tag: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Tool label="Tag">
          <Tag />
        </Tool>
      </PopoverTrigger>
      <PopoverContent>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const tag = String(new FormData(event.currentTarget).get("tag")).trim().replace(/^@/, "");
            setOpen(false);
            if (tag) onPick(tag);
          }}
        >
          <Input
            name="tag"
            aria-label="Tag to add"
            placeholder="Tag to add"
            maxLength={50}
            autoComplete="off"
          />
        </form>
      </PopoverContent>
    </Popover>
  );
}
