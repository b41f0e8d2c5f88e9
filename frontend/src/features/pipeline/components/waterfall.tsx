"use client";

import * as words from "@/messages/trace";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { inlineKey } from "@/lib/words/direction";
import { describeDuration, foldedAtFirst, type Row, type Trace, rowsOf, visibleRows } from "../trace/trace";
import { type Scale, scaleOf } from "../trace/scale";
import { columns, WaterfallRow } from "./waterfall-row";

/** A trace as rows of bars, as a tree that can be folded with the keyboard too (WAI-ARIA's treegrid pattern). */
export function Waterfall({ trace }: { trace: Trace }) {
  const rows = useMemo(() => rowsOf(trace), [trace]);
  const scale = useMemo(() => scaleOf(rows), [rows]);
  const atFirst = useMemo(() => foldedAtFirst(rows), [rows]);
  // Only what the user did; more rows may arrive.
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const folded = useMemo(() => {
    const all = new Set(atFirst);
    for (const [id, fold] of toggled) {
      if (fold) all.add(id);
      else all.delete(id);
    }
    return all;
  }, [atFirst, toggled]);
  const visible = visibleRows(rows, folded);
  const [focused, setFocused] = useState<string | null>(null);
  const current = visible.some(({ span }) => span.id === focused) ? focused : visible[0]?.span.id;
  const grid = useRef<HTMLDivElement>(null);

  const fold = (row: Row, to: boolean) => setToggled(new Map(toggled).set(row.span.id, to));
  const focus = (row: Row | undefined) => {
    if (!row) return;
    setFocused(row.span.id);
    grid.current?.querySelector<HTMLElement>(`[data-span="${row.span.id}"]`)?.focus();
  };
  const press = (event: KeyboardEvent, row: Row) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const index = visible.indexOf(row);
    const parent = row.below > 0;
    const open = parent && !folded.has(row.span.id);
    const actions: Record<string, () => void> = {
      ArrowDown: () => focus(visible[index + 1]),
      ArrowUp: () => focus(visible[index - 1]),
      Home: () => focus(visible[0]),
      End: () => focus(visible.at(-1)),
      ArrowRight: () => (parent && !open ? fold(row, false) : open && focus(visible[index + 1])),
      ArrowLeft: () => (open ? fold(row, true) : row.parent && focus(row.parent)),
      Enter: () => parent && fold(row, open),
      " ": () => parent && fold(row, open),
    };
    const action = actions[inlineKey(event.key)];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };

  const hidden = [...folded].some((id) => rows.some(({ span }) => span.id === id));
  return (
    <div>
      <div className="flex justify-end">
        <button
          type="button"
          className="rounded-md px-1.5 py-1 text-xs text-ink-2 hover:bg-hover hover:text-ink"
          onClick={() =>
            setToggled(
              new Map(
                rows
                  .filter(({ below }) => below > 0)
                  .map(({ span }) => [span.id, !hidden && atFirst.has(span.id)]),
              ),
            )
          }
        >
          {hidden ? words.showAll() : words.foldDetails()}
        </button>
      </div>
      <div
        ref={grid}
        role="treegrid"
        aria-label={words.steps()}
        aria-rowcount={visible.length + 1}
        className="overflow-hidden rounded-xl border border-line bg-surface"
      >
        <Head scale={scale} />
        <div role="rowgroup" className="relative">
          <Lines scale={scale} />
          {visible.map((row) => (
            <WaterfallRow
              key={row.span.id}
              row={row}
              scale={scale}
              folded={folded.has(row.span.id)}
              focusable={row.span.id === current}
              onFocus={() => setFocused(row.span.id)}
              onKeyDown={(event) => press(event, row)}
              onToggle={() => fold(row, !folded.has(row.span.id))}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function Head({ scale }: { scale: Scale }) {
  return (
    <div role="rowgroup" className="border-b border-line bg-sunken/60 text-xs text-ink-3">
      <div role="row" className={columns}>
        <span role="columnheader" className="py-1.5 ps-3">
          {words.step()}
        </span>
        <span role="columnheader" className="relative hidden sm:block">
          <span className="sr-only">{words.when()}</span>
          {scale.ticks.map(({ us, left }) =>
            left > 0.92 ? null : (
              <span
                key={us}
                aria-hidden
                className="tabular absolute top-1.5 whitespace-nowrap first-of-type:translate-x-0"
                style={{ left: `${left * 100}%` }}
              >
                {us === 0 ? "0" : describeTick(us)}
              </span>
            ),
          )}
        </span>
        <span role="columnheader" className="py-1.5 pe-3 text-end">
          {words.took()}
        </span>
      </div>
    </div>
  );
}

const describeTick = (us: number) => describeDuration(us).replace(/\.0 /, " ");

/** A line across all rows for each tick, and a strip for each pause. */
function Lines({ scale }: { scale: Scale }) {
  return (
    <div aria-hidden className={`pointer-events-none absolute inset-0 hidden sm:grid ${columns}`}>
      <div className="relative col-start-2">
        {scale.ticks.map(({ us, left }) => (
          <div key={us} className="absolute inset-y-0 w-px bg-line" style={{ left: `${left * 100}%` }} />
        ))}
        {scale.pauses.map(({ us, left, width }) => (
          <div
            key={left}
            className="absolute inset-y-0 flex items-center justify-center overflow-hidden border-x border-dashed border-line-2 bg-sunken text-[0.6875rem] text-ink-3"
            style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
          >
            <span className="rotate-180 whitespace-nowrap [writing-mode:vertical-rl]">
              {words.later({ duration: describeDuration(us) })}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
