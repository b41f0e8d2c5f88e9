"use client";

import { useId } from "react";
import { cn } from "@/lib/cn";
import { useWhole } from "@/lib/use-whole";
import { LabelMenu } from "../../labels/label-menu";
import type { Label } from "../../labels/labels";
import type { Task } from "../../task";
import type { Bucket } from "../../view/buckets";
import type { Group } from "../../view/query";
import { DropPlace } from "../drag";
import { FirstTasks } from "../first-tasks";
import { placeProps } from "../follow-task";
import { BoardCard } from "./board-card";

interface BoardColumnProps {
  bucket: Bucket;
  tasks: readonly Task[];
  /** Whether its cards come after those of the columns that are seen first. */
  late: boolean;
  /** All columns, to which a task can be moved. */
  buckets: readonly Bucket[];
  group: Group;
  /** All tasks are of one project, which they need not say. */
  inProject: boolean;
  /** The section that the column is, whose menu it has. */
  section?: Label | undefined;
  /** The task whose details are open. */
  opened: string | null;
  onMove: (id: string, from: Bucket, to: Bucket) => void;
  onOpen: (id: string) => void;
}

const none: readonly Task[] = [];

export function BoardColumn(props: BoardColumnProps) {
  const { bucket, tasks, late, buckets, group, inProject, section, opened, onMove, onOpen } = props;
  const id = useId();
  const whole = useWhole();
  const unused = group === "section" && bucket.value === null && tasks.length === 0;
  return (
    <section
      {...placeProps(bucket.key)}
      aria-labelledby={id}
      className={cn(
        "flex max-h-full max-w-[82vw] shrink-0 snap-start flex-col rounded-xl bg-sunken",
        // On a phone the sections would be out of sight beside it.
        unused ? "w-40" : "w-72",
      )}
    >
      <div className="flex min-h-10 shrink-0 items-center ps-3.5 pe-1.5 pt-1">
        <h2
          id={id}
          className={cn(
            "flex min-w-0 flex-1 items-baseline gap-2 text-[0.8125rem] font-semibold",
            bucket.tone === "danger" ? "text-danger" : "text-ink-2",
          )}
        >
          <span className="truncate" dir="auto">
            {bucket.label}
          </span>
          <span className="tabular font-normal text-ink-3">{tasks.length}</span>
        </h2>
        {section ? <LabelMenu kind="section" label={section} align="end" sideBySide /> : null}
      </div>
      <DropPlace
        id={bucket.key}
        place={bucket}
        disabled={bucket.day === undefined && group === "due"}
        className="min-h-16 flex-1 overflow-y-auto rounded-b-xl px-2 pb-2"
      >
        <FirstTasks tasks={late && !whole ? none : tasks} className="space-y-1.5">
          {(task) => (
            <BoardCard
              key={task.id}
              task={task}
              bucket={bucket}
              buckets={buckets}
              group={group}
              inProject={inProject}
              opened={opened === task.id}
              onMove={onMove}
              onOpen={onOpen}
            />
          )}
        </FirstTasks>
      </DropPlace>
    </section>
  );
}
