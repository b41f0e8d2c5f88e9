"use client";

import * as words from "@/messages/trace";
import { ArrowRight, CircleAlert, MonitorCheck } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { describeSummary, type Summary } from "../trace/hops";
import { colorOf } from "../trace/services";
import { describeDuration } from "../trace/trace";

/** The stations of a change in one line, and what it took altogether. */
export function TraceSummary({ summary, spans }: { summary: Summary; spans: number }) {
  const { hops, firstScreen, lastScreen, end, functions, errors } = summary;
  return (
    <div>
      <p className="text-sm text-ink-2">
        <span className="tabular me-2 text-2xl font-semibold tracking-tight text-ink">
          {describeDuration(lastScreen ?? end)}
        </span>
        {lastScreen === null ? words.toLastStep() : words.toLastScreen()}
      </p>
      <p className="mt-0.5 text-[0.8125rem] text-ink-3">
        {words.stepsIn({ steps: spans, functions })}
        {errors > 0 ? (
          <span className="ms-2 inline-flex items-center gap-1 font-medium text-danger">
            <CircleAlert aria-hidden className="size-3.5" />
            {words.countFailed({ count: errors })}
          </span>
        ) : null}
      </p>
      <p className="sr-only">{describeSummary(summary)}</p>
      <ol aria-hidden className="mt-3 flex flex-wrap items-center gap-x-1.5 gap-y-2 text-[0.8125rem]">
        {hops.map(({ name, us, meaning, service }, i) => (
          <Station key={name} first={i === 0} meaning={meaning}>
            {service ? (
              <span className="size-2 rounded-[3px]" style={{ background: colorOf(service) }} />
            ) : null}
            {name}
            {us === null ? null : <span className="tabular text-ink-2">{describeDuration(us)}</span>}
          </Station>
        ))}
        {firstScreen === null ? null : (
          <Station first={false} meaning={words.untilScreen()} className="border-transparent bg-accent-wash">
            <MonitorCheck className="size-3.5" />
            <span className="font-medium">{words.screen()}</span>
            <span className="tabular">{words.after({ duration: describeDuration(firstScreen) })}</span>
          </Station>
        )}
      </ol>
    </div>
  );
}

interface StationProps {
  first: boolean;
  meaning: string;
  className?: string;
  children: ReactNode;
}

/** A station, with the arrow that leads to it: they stay together when the line wraps. */
function Station({ first, meaning, className, children }: StationProps) {
  return (
    <li title={meaning} className="flex items-center gap-1.5 whitespace-nowrap">
      {first ? null : <ArrowRight className="size-3.5 shrink-0 text-ink-3" />}
      <span
        className={cn(
          "flex items-center gap-1.5 rounded-lg border border-line bg-surface px-2 py-1",
          className,
        )}
      >
        {children}
      </span>
    </li>
  );
}
