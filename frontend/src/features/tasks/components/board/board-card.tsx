"use client";

import { memo } from "react";
import { MenuItem } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { complete } from "../../actions";
import { useCommentCount } from "../../comments/counts";
import type { Task } from "../../task";
import { type Bucket, moveLabel } from "../../view/buckets";
import { priorityLabels } from "../../view/labels";
import type { Group } from "../../view/query";
import { Check } from "../check";
import { CornerMenu } from "../corner-menu";
import { useTaskDrag } from "../drag";
import { DueLabel } from "../due-label";
import { followTask } from "../follow-task";
import { CommentMark } from "../marks";
import * as words from "@/messages/board";

interface BoardCardProps {
  task: Task;
  bucket: Bucket;
  buckets: readonly Bucket[];
  group: Group;
  inProject: boolean;
  opened: boolean;
  onMove: (id: string, from: Bucket, to: Bucket) => void;
  onOpen: (id: string) => void;
}

export const BoardCard = memo(function BoardCard(props: BoardCardProps) {
  const { task, bucket, buckets, group, inProject, opened, onMove, onOpen } = props;
  const { ref, listeners, isDragging, node } = useTaskDrag(task.id, bucket.key, bucket);
  return (
    <li
      ref={ref}
      {...listeners}
      data-task={task.id}
      className={cn(
        "group/task relative flex items-start gap-2.5 rounded-lg border bg-raised px-3 py-2.5 text-sm shadow-1 select-none",
        opened ? "border-accent" : "border-line",
        isDragging && "opacity-40",
      )}
    >
      {/* The button of the title covers the card; this is above it. */}
      <div className="relative z-10">
        <Check
          title={task.title}
          completed={task.completed}
          priority={task.priority}
          onChange={(completed) => complete([task.id], completed)}
        />
      </div>
      <div className="min-w-0 flex-1">
        <button
          type="button"
          dir="auto"
          onClick={() => onOpen(task.id)}
          className={cn(
            "w-full pe-6 break-words after:absolute after:inset-0 after:rounded-lg",
            task.completed && "text-ink-3 line-through decoration-ink-3/60",
          )}
        >
          {task.title}
        </button>
        <CardNotes task={task} group={group} inProject={inProject} />
      </div>
      <CornerMenu
        glyph="glyph-move"
        label={words.moveTask({ title: task.title })}
        title={words.move()}
        heading={words.moveTo()}
        className="absolute end-1.5 top-1.5 z-10 size-7"
      >
        <MoveItems
          {...{ bucket, buckets, group }}
          onMove={(target) => {
            onMove(task.id, bucket, target);
            followTask(node.current, task.id, target.key);
          }}
        />
      </CornerMenu>
    </li>
  );
});

interface MoveItemsProps extends Pick<BoardCardProps, "bucket" | "buckets" | "group"> {
  onMove: (target: Bucket) => void;
}

/** The columns to which a card can be moved. */
function MoveItems({ bucket, buckets, group, onMove }: MoveItemsProps) {
  const targets = buckets.filter(
    ({ key, day }) => key !== bucket.key && (group !== "due" || day !== undefined),
  );
  return targets.map((target) => (
    <MenuItem key={target.key} onSelect={() => onMove(target)}>
      <span className="truncate" dir="auto">
        {moveLabel(target)}
      </span>
    </MenuItem>
  ));
}

/** What neither the list nor the column says about a task. */
function CardNotes({ task, group, inProject }: Pick<BoardCardProps, "task" | "group" | "inProject">) {
  const { project, tags, priority } = task;
  const due = task.due_at ?? task.due_date;
  const comments = useCommentCount(task.id);
  const notes = [
    ...(group !== "project" && !inProject && project ? [`#${project}`] : []),
    ...(group !== "tag" ? tags.slice(0, 3).map((tag) => `@${tag}`) : []),
    ...(group !== "priority" && priority !== "none" ? [priorityLabels[priority]()] : []),
  ];
  if (!due && notes.length === 0 && !comments) return null;
  return (
    <p className="mt-1 flex flex-wrap gap-x-2 text-xs text-ink-3">
      {due ? <DueLabel due={task} done={task.completed} /> : null}
      {notes.map((note) => (
        <span key={note} className="max-w-40 truncate" dir="auto">
          {note}
        </span>
      ))}
      {comments ? <CommentMark count={comments} /> : null}
    </p>
  );
}
