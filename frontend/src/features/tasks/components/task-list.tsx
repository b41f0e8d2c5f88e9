"use client";

import { lazyModule, lazyPart } from "@/lib/lazy-part";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type MouseEvent,
  type ReactNode,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { cn } from "@/lib/cn";
import { focusIfFree } from "@/lib/focus-if-free";
import { useAnew } from "@/lib/use-anew";
import { usePhone } from "@/lib/use-media";
import { complete } from "../actions";
import { patchTask } from "../changes";
import { useListKeys } from "../hooks/use-list-keys";
import { useSubtaskCounts } from "../hooks/use-subtask-counts";
import { useRowDrag } from "../hooks/use-row-drag";
import { useRowTouch } from "../hooks/use-row-touch";
import { useSelection } from "../hooks/use-selection";
import { useSlots } from "../hooks/use-slots";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { gapWithinGroup, moved } from "../move";
import { taskStore } from "../store";
import { sortOf, type TaskQuery } from "../view/query";
import type { Row } from "../view/rows";
import { rowHeight } from "./row-height";
import { type RowActions, TaskRow } from "./task-row";
import * as words from "@/messages/list";

const BulkBar = lazyPart(() => import("./bulk-bar").then((m) => m.BulkBar));

const ListSection = lazyPart(() => import("./sections/list-section").then((m) => m.ListSection));
const SectionDialogs = lazyPart(() => import("./sections/list-section").then((m) => m.SectionDialogs));
const loadSectionMoves = lazyModule(() => import("../section-moves"));

const loadDrop = lazyModule(() => import("../drop"));

/** Space below the last row, for floating elements. */
const endSpace = 120;

interface TaskListProps {
  rows: Row[];
  ids: string[];
  /** What the rows were chosen and ordered by. */
  by: string;
  /** Which list it is. */
  list: string;
  query: TaskQuery;
  /** What follows the last row. */
  end: ReactNode;
}

/**
 * The rows of a list. Another list begins at its top, with nothing selected, but in the same elements, since it takes long to
 * make new ones.
 */
export function TaskList({ rows, ids, by, list, query, end }: TaskListProps) {
  "use no memo"; // the virtualizer's return values change while the object stays the same
  const scroller = useRef<HTMLDivElement>(null);
  const phone = usePhone();
  const subtaskCounts = useSubtaskCounts();
  const selection = useSelection(ids, list);
  const setQuery = useSetTaskQuery();
  const [editing, setEditing] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const sortable = sortOf(query) === "position" && !query.q && query.view !== "completed";
  const indexOf = useMemo(() => new Map(rows.map((row, i) => [row.key, i])), [rows]);

  const inProject = query.project !== null;
  const estimateSize = useCallback(
    (i: number) => rowHeight(rows[i], phone, inProject),
    [rows, phone, inProject],
  );
  // A new function means a new list to the virtualizer: it measures every row again. So it changes only with the
  // heights.
  const getItemKey = useCallback(
    (i: number) => rows[i]?.key ?? i,
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
    [estimateSize],
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- see "use no memo"
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize,
    getItemKey,
    overscan: 6,
    paddingEnd: endSpace,
  });
  useAnew(list, () => {
    virtual.scrollOffset = 0;
    setEditing(null);
    setSaid("");
  });
  const begun = useRef(list);
  useLayoutEffect(() => {
    if (begun.current === list) return;
    begun.current = list;
    scroller.current?.scrollTo(0, 0);
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && scroller.current?.contains(focused)) focused.blur();
  }, [list]);

  const focusRow = useCallback(
    (id: string) => {
      const index = indexOf.get(id);
      if (index === undefined) return;
      flushSync(() => selection.setActive(id));
      virtual.scrollToIndex(index, { align: "auto" });
      const rowOf = () => scroller.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"]`);
      const row = rowOf();
      if (row) return row.focus({ preventScroll: true });
      // One that is scrolled to comes later.
      const from = document.activeElement;
      requestAnimationFrame(() => focusIfFree(rowOf(), from, { preventScroll: true }));
    },
    [indexOf, selection, virtual],
  );

  const selectedWith = (id: string) => (selection.selected.has(id) ? [...selection.selected] : [id]);
  const sectioned = rows.at(-1)?.kind === "add-section";
  const drop = (id: string, to: number) => {
    if (!sectioned) return moveTo(id, to);
    void loadSectionMoves().then(({ dropAt }) => dropAt(rows, selectedWith(id), to, sortable, setSaid));
  };
  const moveTo = useCallback(
    (id: string, to: number) => {
      const there = moved(rows, id, to);
      if (!there) return;
      patchTask(id, { position: there.position });
      setSaid(words.movedTo({ place: there.place, count: ids.length }));
    },
    [rows, ids],
  );

  useRowTouch(scroller, selection);
  const move = (id: string, by: 1 | -1) => {
    if (sectioned) return void loadSectionMoves().then(({ moveBy }) => moveBy(rows, query, id, by, setSaid));
    const at = indexOf.get(id);
    if (at !== undefined) moveTo(id, by > 0 ? at + 2 : at - 1);
  };
  const draggable = sortable || sectioned;
  const { drag, grab } = useRowDrag({
    scroller,
    list,
    gapAt: draggable
      ? (y, id) => {
          const item = virtual.getVirtualItemForOffset(y);
          if (!item) return 0;
          // What is dropped on the heading of a section is put into it.
          const isHeading = item.index > 0 && rows[item.index]?.kind === "section";
          const gap = item.index + (isHeading || y > item.start + item.size / 2 ? 1 : 0);
          return sectioned ? gap : gapWithinGroup(rows, id, gap);
        }
      : null,
    onDrop: drop,
    // What is selected moves together.
    onDropInto: (id, target) => {
      const dropped = selectedWith(id);
      void loadDrop().then(({ dropInto }) => dropInto(dropped, target));
    },
  });

  const open = useCallback((task: string | null) => setQuery({ task }), [setQuery]);
  useListKeys({
    ids,
    selection,
    sortable,
    focusRow,
    open,
    edit: setEditing,
    move,
    isOpen: query.task !== null,
  });

  const { toggle, extendTo, setActive } = selection;
  const actions = useMemo<RowActions>(
    () => ({
      open,
      edit: setEditing,
      rename: (seen, title) => patchTask(seen.id, { title }, seen),
      complete: (id, completed) => complete([id], completed),
      activate: setActive,
      click: (id: string, event: MouseEvent) => {
        setActive(id);
        if (event.metaKey || event.ctrlKey) toggle(id);
        else if (event.shiftKey) extendTo(id);
        else open(id);
      },
      grab,
    }),
    [open, setActive, toggle, extendTo, grab],
  );

  const items = virtual.getVirtualItems();
  const slots = useSlots(
    items.map(({ key }) => String(key)),
    by,
    selection.active,
  );
  const tabStop = selection.active && indexOf.has(selection.active) ? selection.active : ids[0];
  const dropAt = drag && drag.to >= 0 ? dropLine(drag.to, rows.length, virtual.measurementsCache) : null;
  return (
    <>
      <div
        ref={scroller}
        className="@container -mx-3 mt-2 min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 [contain:strict]"
      >
        <div
          role="grid"
          aria-label={words.tasks()}
          aria-multiselectable
          aria-rowcount={rows.length}
          style={{ height: virtual.getTotalSize() }}
          className="relative"
        >
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={slots.get(String(item.key))}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {row.kind === "heading" ? (
                  <Heading row={row} index={item.index} />
                ) : row.kind !== "task" ? (
                  <ListSection key={row.key} row={row} index={item.index} query={query} />
                ) : (
                  <TaskRow
                    task={row.task}
                    index={item.index}
                    subtasks={subtaskCounts.get(row.task.id)}
                    parent={row.task.parent_id ? taskStore.get(row.task.parent_id)?.title : undefined}
                    selected={selection.selected.has(row.task.id)}
                    active={tabStop === row.task.id}
                    opened={query.task === row.task.id}
                    editing={editing === row.task.id}
                    dragged={drag?.id === row.task.id}
                    sortable={draggable}
                    hideProject={inProject}
                    actions={actions}
                  />
                )}
              </div>
            );
          })}
          {dropAt === null ? null : (
            <div
              aria-hidden
              style={{ transform: `translateY(${dropAt - 1}px)` }}
              className="pointer-events-none absolute inset-x-2 top-0 h-0.5 rounded-full border-t-2 border-accent"
            />
          )}
        </div>
        {end ? (
          <div className="relative" style={{ marginTop: -endSpace }}>
            {end}
          </div>
        ) : null}
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
      {drag ? (
        <div
          aria-hidden
          style={{ left: drag.x + 14, top: drag.y - 18 }}
          className="pointer-events-none fixed z-50 max-w-72 truncate rounded-lg border border-line-2 bg-raised px-3 py-1.5 text-sm shadow-2"
        >
          {taskStore.get(drag.id)?.title}
        </div>
      ) : null}
      {query.project !== null ? <SectionDialogs project={query.project} /> : null}
      {selection.selected.size > 0 ? <BulkBar selection={selection} move={sortable ? move : null} /> : null}
    </>
  );
}

function Heading({ row, index }: { row: Extract<Row, { kind: "heading" }>; index: number }) {
  return (
    <div role="row" aria-rowindex={index + 1} className="flex h-full items-end gap-2 px-3 pb-1.5">
      <span
        role="gridcell"
        className={cn("text-[0.8125rem] font-semibold", row.tone === "danger" ? "text-danger" : "text-ink-2")}
      >
        {row.label}
        <span className="tabular ms-2 font-normal text-ink-3">{row.count}</span>
      </span>
    </div>
  );
}

function dropLine(to: number, count: number, places: { start: number; end: number }[]): number | null {
  return to < count ? (places[to]?.start ?? null) : (places[count - 1]?.end ?? null);
}
