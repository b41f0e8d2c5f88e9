"use client";

import * as words from "@/messages/trace";
import { ChevronRight, CircleAlert } from "lucide-react";
import type { KeyboardEvent } from "react";
import { cn } from "@/lib/cn";
import type { Scale } from "../trace/scale";
import { colorOf } from "../trace/services";
import { describeDuration, labelOf, type Row } from "../trace/trace";

/** The columns of all rows. On a phone the bar is below the name. */
export const columns =
  "grid grid-cols-[minmax(0,1fr)_4.75rem] sm:grid-cols-[minmax(0,6fr)_minmax(0,7fr)_4.75rem] sm:gap-x-3";

/** Deeper rows are not indented further. */
const deepest = 9;

interface WaterfallRowProps {
  row: Row;
  scale: Scale;
  folded: boolean;
  focusable: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onToggle: () => void;
}

export function WaterfallRow({ row, scale, folded, focusable, onToggle, ...events }: WaterfallRowProps) {
  const { span, depth, parent, below, from, to } = row;
  // Work within one function needs its name once; what the function is sent begins anew.
  const named = parent?.span.service !== span.service || span.kind === "consumer" || span.kind === "server";
  const left = scale.at(from);
  const width = scale.at(to) - left;
  return (
    <div
      role="row"
      data-span={span.id}
      data-service={span.service}
      aria-level={depth + 1}
      {...(below > 0 ? { "aria-expanded": !folded } : {})}
      tabIndex={focusable ? 0 : -1}
      onClick={below > 0 ? onToggle : undefined}
      className={cn(
        columns,
        "relative items-center border-t border-line/60 py-1 text-[0.8125rem] first-of-type:border-t-0 hover:bg-hover/60 focus-visible:z-10 focus-visible:-outline-offset-2 sm:py-0",
        below > 0 && "cursor-pointer",
      )}
      {...events}
    >
      <span
        role="rowheader"
        className="flex min-w-0 items-center gap-1.5 ps-[calc(0.5rem+var(--depth)*0.5rem)] sm:py-1.5 sm:ps-[calc(0.5rem+var(--depth)*0.875rem)]"
        style={{ "--depth": Math.min(depth, deepest) } as React.CSSProperties}
      >
        <ChevronRight
          aria-hidden
          className={cn("size-3.5 shrink-0 text-ink-3", below === 0 ? "invisible" : folded || "rotate-90")}
        />
        <span
          aria-hidden
          className="size-2 shrink-0 rounded-[3px]"
          style={{ background: colorOf(span.service) }}
        />
        <span className="min-w-0 truncate" title={`${span.service}: ${labelOf(span)}`}>
          <span className={named ? "font-medium" : "sr-only"}>{span.service}</span>{" "}
          <span className="text-ink-2">{labelOf(span)}</span>
        </span>
        {span.error ? (
          <span className="flex shrink-0 items-center gap-1 rounded-md bg-danger-wash px-1 text-xs text-danger">
            <CircleAlert aria-hidden className="size-3" /> {words.failed()}
          </span>
        ) : null}
        {folded && below > 0 ? (
          <span className="shrink-0 rounded-md bg-sunken px-1 text-xs text-ink-3">
            <span aria-hidden>+{below}</span>
            <span className="sr-only">{words.folded({ count: below })}</span>
          </span>
        ) : null}
      </span>
      <span
        role="gridcell"
        className="relative order-last col-span-2 mx-3 mt-1 h-1.5 sm:order-none sm:col-span-1 sm:m-0 sm:h-3.5"
      >
        <span className="sr-only">{words.after({ duration: describeDuration(from) })}</span>
        <span
          aria-hidden
          className={cn("absolute inset-y-0 min-w-[3px] rounded-[3px]", span.error && "ring-2 ring-danger")}
          style={{
            left: `min(${left * 100}%, 100% - 3px)`,
            width: `${width * 100}%`,
            background: colorOf(span.service),
          }}
        />
      </span>
      <span role="gridcell" className="tabular pe-3 text-end text-ink-2">
        {describeDuration(span.duration_us)}
      </span>
    </div>
  );
}
