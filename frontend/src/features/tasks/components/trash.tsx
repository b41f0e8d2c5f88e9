"use client";

import { RotateCcw, Trash2 } from "lucide-react";
import { Button, buttonStyles } from "@/components/ui/button";
import Link from "next/link";
import { PagedList } from "@/components/ui/paged-list";
import { cn } from "@/lib/cn";
import { useReadAgain } from "@/lib/live/use-read-again";
import { formatDayAndTime, formatFull } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { restore } from "../actions";
import { type TrashedTask, trashOptions, useTrash } from "../api/get-trash";
import { RowsSkeleton } from "./list-skeleton";
import { PurgeButton } from "./purge-button";
import * as words from "@/messages/trash";
import * as common from "@/messages/common";

/** The deleted tasks, which can be restored for 30 days. */
export function Trash() {
  const query = useTrash();
  // A deletion or a restore, on any device.
  useReadAgain(
    trashOptions().queryKey,
    ({ changed_fields }) => changed_fields.includes("deleted") || changed_fields.includes("purged"),
  );
  return (
    <>
      <div className="flex items-start gap-4 px-1 pb-3">
        <p className="flex-1 text-sm text-ink-2">{words.intro()}</p>
        {query.data?.pages.some((page) => page.items.length > 0) ? (
          <PurgeButton id={null} title={words.emptyTitle()} text={words.emptyText()} act={words.deleteAll()}>
            <Button size="sm">{words.empty()}</Button>
          </PurgeButton>
        ) : null}
      </div>
      <PagedList name={words.deletedTasks()} query={query} waiting={<RowsSkeleton />} nothing={<Nothing />}>
        {(one) => <Item key={one.task.id} {...one} />}
      </PagedList>
    </>
  );
}

function Item({ task, deleted_at, subtasks }: TrashedTask) {
  const now = useNow();
  const at = new Date(deleted_at);
  const below = subtasks > 0 ? words.withSubtasks({ count: subtasks }) : null;
  const notes = [task.project, below].filter(Boolean).join(" · ");
  return (
    <li className="flex items-center gap-3 px-1 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate" dir="auto">
          {task.title}
        </p>
        <p className="truncate text-[0.8125rem] text-ink-3">
          <time dateTime={deleted_at} title={formatFull(at)}>
            {formatDayAndTime(at, now)}
          </time>
          {notes ? ` · ${notes}` : null}
        </p>
      </div>
      <PurgeButton
        id={task.id}
        title={words.deleteTitle({ title: task.title })}
        text={words.deleteText({ subtasks })}
        act={words.deleteForever()}
      >
        <Button
          size="icon-sm"
          look="ghost"
          aria-label={words.deleteNamed({ title: task.title })}
          title={words.deleteForever()}
        >
          <Trash2 />
        </Button>
      </PurgeButton>
      <Button size="sm" aria-label={words.restoreNamed({ title: task.title })} onClick={() => restore(task)}>
        <RotateCcw />
        <span className="max-sm:sr-only">{common.restore()}</span>
      </Button>
    </li>
  );
}

function Nothing() {
  return (
    <div className="flex flex-col items-center py-24 text-center">
      <Trash2 className="size-10 text-ink-3" aria-hidden />
      <h2 className="mt-4 text-lg font-semibold">{words.nothingTitle()}</h2>
      <p className="mt-1 max-w-sm text-ink-2">{words.nothingText()}</p>
      <Link href="/" prefetch={false} className={cn(buttonStyles(), "mt-5")}>
        {words.toTasks()}
      </Link>
    </div>
  );
}
