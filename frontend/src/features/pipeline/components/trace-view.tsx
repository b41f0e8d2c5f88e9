"use client";

import * as words from "@/messages/trace";
import { loading } from "@/messages/common";
import { useMemo } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { explain, Problem } from "@/lib/api/problem";
import { useTrace } from "../api/get-trace";
import { summaryOf } from "../trace/hops";
import { rowsOf, type Trace } from "../trace/trace";
import { TraceSummary } from "./trace-summary";
import { Waterfall } from "./waterfall";

/** How a change travelled, or why that is not known. */
export function TraceView({ id }: { id: string }) {
  const { trace, awaited, missing, error } = useTrace(id);
  if (trace) return <Found trace={trace} />;
  if (awaited || !error) {
    return (
      <p role="status" className="py-10 text-center text-sm text-ink-2">
        {awaited ? words.waiting() : loading()}
      </p>
    );
  }
  if (missing) {
    return <Nothing title={words.unknown()}>{words.onlySample()}</Nothing>;
  }
  const unconfigured = error instanceof Problem && error.status === 503;
  return (
    <Nothing title={unconfigured ? words.notHere() : words.notShown()}>{sentence(explain(error))}</Nothing>
  );
}

function Found({ trace }: { trace: Trace }) {
  const summary = useMemo(() => summaryOf(rowsOf(trace)), [trace]);
  return (
    <div data-trace={trace.trace_id}>
      <TraceSummary summary={summary} spans={trace.spans.length} />
      <div className="mt-3">
        <Waterfall trace={trace} />
      </div>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-xs text-ink-3">
        <p role="status">{trace.truncated ? words.tooMany() : trace.complete ? "" : words.mayArrive()}</p>
        <p className="flex min-w-0 items-center gap-1">
          <span className="truncate">
            {words.traceId({
              id: trace.trace_id,
              code: (id) => <span className="font-mono">{id}</span>,
            })}
          </span>
          <CopyButton look="ghost" size="icon-sm" text={trace.trace_id} label={words.copyId()} />
        </p>
      </div>
    </div>
  );
}

function Nothing({ title, children }: { title: string; children: string }) {
  return (
    <div role="alert" className="px-6 py-10 text-center">
      <p className="font-medium">{title}</p>
      <p className="mt-1 text-sm text-ink-2">{children}</p>
    </div>
  );
}

const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
