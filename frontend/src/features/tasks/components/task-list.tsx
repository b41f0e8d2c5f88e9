"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { Row } from "../view/rows";
import { TaskRow } from "./task-row";

export function TaskList({ rows, ids }: { rows: Row[]; ids: string[] }) {
  "use no memo";
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called while drawing, never kept
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (rows[i]?.kind === "heading" ? 44 : 44),
    getItemKey: (i) => rows[i]?.key ?? i,
    overscan: 8,
  });
  return (
    <div ref={scroller} className="-mx-3 mt-2 min-h-0 flex-1 overflow-y-auto px-3 pb-24">
      <div
        role="list"
        aria-label={`${ids.length} tasks`}
        style={{ height: virtual.getTotalSize() }}
        className="relative"
      >
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              className="absolute inset-x-0 top-0"
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row.kind === "heading" ? <h2>{row.label}</h2> : <TaskRow task={row.task} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
