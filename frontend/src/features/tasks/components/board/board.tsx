"use client";

import { useCallback, useMemo, useState } from "react";
import { useNow } from "@/lib/time/now";
import { useStable } from "@/lib/use-stable";
import { useVisible } from "@/lib/use-visible";
import { patchMany } from "../../actions";
import { useSetTaskQuery } from "../../hooks/use-task-query";
import { useLabelNames, useSections } from "../../labels/use-labels";
import { taskStore } from "../../store";
import { type Bucket, columnsOf, moveTo } from "../../view/buckets";
import type { TaskQuery } from "../../view/query";
import type { Row } from "../../view/rows";
import { sameName } from "../../view/search";
import { DragArea } from "../drag";
import { placesProps } from "../follow-task";
import { AddSection } from "../sections/add-section";
import { SectionDialogs } from "../sections/section-dialogs";
import { BoardColumn } from "./board-column";
import * as changed from "@/messages/changed";
import * as words from "@/messages/board";

/** Roughly how many columns fit into the window beside the navigation: each takes 300 pixels with its gap. */
const seenFirst = () => Math.max(2, Math.ceil((window.innerWidth - 256) / 300));

/** The tasks of a list in columns; moving one to another column changes what the columns are about. */
export function Board({ rows, query }: { rows: Row[]; query: TaskQuery }) {
  const now = useNow();
  const setQuery = useSetTaskQuery();
  const [said, setSaid] = useState("");
  const list = useSections(query.project);
  const group = query.group ?? (!query.project ? "project" : list.length > 0 ? "section" : "priority");
  const sections = group === "section" && query.project ? list : null;
  const names = useStable({
    projects: useLabelNames("project"),
    tags: useLabelNames("tag"),
    sections: query.project ? { project: query.project, order: list.map(({ name }) => name) } : undefined,
  });
  const columns = useMemo(() => {
    const tasks = rows.flatMap((row) => (row.kind === "task" ? row.task : []));
    return columnsOf(tasks, group, names, now);
  }, [rows, group, names, now]);
  // Every card gets this array: a new one would render all of them.
  const buckets = useStable(columns.map(({ bucket }) => bucket));
  const move = useCallback(
    (id: string, from: Bucket, to: Bucket) => {
      const task = taskStore.get(id);
      const patch = task && moveTo(task, group, from, to);
      if (!patch) return;
      const { title } = task;
      patchMany([id], patch, changed.movedTo({ place: to.label }), () =>
        setSaid(words.movedTo({ title, column: to.label })),
      );
    },
    [group],
  );
  const open = useCallback((task: string) => setQuery({ task }), [setQuery]);
  const [first] = useState(seenFirst);
  // By then a board may have hundreds of cards: to show them all again takes longer than to draw the first ones.
  const visible = useVisible();
  if (!visible) return null;
  return (
    <DragArea<Bucket> onDrop={move}>
      <div
        {...placesProps}
        role="group"
        aria-label={words.boardBy({ group })}
        className="-mx-3 mt-2 flex min-h-0 flex-1 snap-x scroll-px-3 gap-3 overflow-x-auto overscroll-x-contain px-3 pb-4 lg:-mx-6 lg:scroll-px-6 lg:px-6"
      >
        {buckets.map((bucket, i) => (
          <BoardColumn
            key={bucket.key}
            bucket={bucket}
            tasks={columns[i]?.tasks ?? []}
            late={i >= first}
            buckets={buckets}
            group={group}
            inProject={query.project !== null}
            section={sections?.find(({ name }) => sameName(bucket.value, name))}
            opened={query.task}
            onMove={move}
            onOpen={open}
          />
        ))}
        {sections && query.project ? (
          <div className="shrink-0 snap-start">
            <AddSection project={query.project} />
          </div>
        ) : null}
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
      {sections && query.project ? <SectionDialogs project={query.project} /> : null}
    </DragArea>
  );
}
