"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import type { Task } from "../../task";
import type { Bucket } from "../../view/buckets";
import type { Group } from "../../view/query";
import { DropPlace } from "../drag";
import { BoardCard } from "./board-card";
import * as words from "@/messages/board";

interface BoardColumnProps {
  bucket: Bucket;
  tasks: readonly Task[];
  /** All columns, to which a task can be moved. */
  buckets: readonly Bucket[];
  group: Group;
  /** The task whose details are open. */
  opened: string | null;
  onMove: (id: string, from: Bucket, to: Bucket) => void;
  onOpen: (id: string) => void;
}

/** How many cards are drawn at first, and more at a time. */
const some = 50;

export function BoardColumn({ bucket, tasks, buckets, group, opened, onMove, onOpen }: BoardColumnProps) {
  const [shown, setShown] = useState(some);
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex max-h-full w-72 max-w-[82vw] shrink-0 snap-start flex-col rounded-xl bg-sunken"
    >
      <h2
        id={id}
        className={cn(
          "flex shrink-0 items-baseline gap-2 px-3.5 pt-3 pb-2 text-[0.8125rem] font-semibold",
          bucket.tone === "danger" ? "text-danger" : "text-ink-2",
        )}
      >
        <span className="truncate" dir="auto">
          {bucket.label}
        </span>
        <span className="tabular font-normal text-ink-3">{tasks.length}</span>
      </h2>
      <DropPlace
        id={bucket.key}
        place={bucket}
        disabled={bucket.day === undefined && group === "due"}
        className="min-h-16 flex-1 overflow-y-auto rounded-b-xl px-2 pb-2"
      >
        <ul className="space-y-1.5">
          {tasks.slice(0, shown).map((task) => (
            <BoardCard
              key={task.id}
              task={task}
              bucket={bucket}
              buckets={buckets}
              group={group}
              opened={opened === task.id}
              onMove={onMove}
              onOpen={onOpen}
            />
          ))}
        </ul>
        {tasks.length > shown ? (
          <Button look="ghost" size="sm" className="mt-2 w-full" onClick={() => setShown(shown + 2 * some)}>
            {words.more({ count: tasks.length - shown })}
          </Button>
        ) : null}
      </DropPlace>
    </section>
  );
}
