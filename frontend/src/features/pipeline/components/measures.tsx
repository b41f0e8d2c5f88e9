import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { formatFull } from "@/lib/time/days";
import {
  describeLatency,
  describeRate,
  describeWait,
  groupName,
  type Pipeline,
  type Status,
} from "../pipeline";
import { Sparkline } from "./sparkline";

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** The few numbers that show whether an administrator has to act. */
export function Measures({ pipeline, status }: { pipeline: Pipeline; status: Status | undefined }) {
  const { measured_at, missing } = pipeline;
  return (
    <div data-measured={measured_at}>
      <dl className="grid grid-cols-2 gap-2.5 sm:gap-3 lg:grid-cols-3">
        <Events pipeline={pipeline} />
        <Stream pipeline={pipeline} />
        <Lag pipeline={pipeline} />
        <Outbox pipeline={pipeline} />
        <Letters pipeline={pipeline} />
        <Parts status={status} />
      </dl>
      <p className="mt-3 text-xs text-ink-3">
        Measured at{" "}
        <time dateTime={measured_at} title={formatFull(new Date(measured_at))}>
          {clock.format(new Date(measured_at))}
        </time>
        , and every 2 seconds while you look.
        {missing.map(({ part, detail }) => (
          <span key={part} role="status" className="text-warn">
            {" "}
            Not all of it: {detail}.
          </span>
        ))}
      </p>
    </div>
  );
}

interface Of {
  pipeline: Pipeline;
}

function Events({ pipeline: { broker, measured_at } }: Of) {
  const rate = broker?.topics.reduce((sum, topic) => sum + topic.per_second, 0);
  return (
    <Measure
      label="Events"
      value={rate === undefined ? "–" : describeRate(rate)}
      note={rate === undefined ? "The broker did not say" : "in all topics, last minute"}
      aside={rate === undefined ? null : <Sparkline at={measured_at} value={rate} />}
    />
  );
}

function Stream({ pipeline: { traffic } }: Of) {
  const delay = traffic?.commit_to_stream;
  return (
    <Measure
      label="Commit to stream"
      value={delay ? describeLatency(delay.p50_ms) : "–"}
      bad={delay ? delay.p95_ms > 1000 : false}
      note={
        delay
          ? `p95 ${describeLatency(delay.p95_ms)} · p99 ${describeLatency(delay.p99_ms)}`
          : traffic
            ? "Nothing for 5 minutes"
            : "Nobody could say"
      }
    />
  );
}

function Lag({ pipeline: { broker } }: Of) {
  const lag = broker?.groups.reduce((sum, group) => sum + group.lag, 0);
  const last = broker?.groups.toSorted((a, b) => b.lag - a.lag)[0];
  return (
    <Measure
      label="Still to handle"
      value={lag === undefined ? "–" : lag.toLocaleString()}
      bad={(last?.lag ?? 0) > 1000}
      note={
        lag === undefined
          ? "The broker did not say"
          : last && last.lag > 0
            ? `${groupName(last.group)} is furthest behind`
            : "Nobody is behind"
      }
    />
  );
}

function Outbox({ pipeline: { outbox, measured_at } }: Of) {
  const wait = outbox.oldest_at ? Date.parse(measured_at) - Date.parse(outbox.oldest_at) : 0;
  return (
    <Measure
      label="To be published"
      value={outbox.waiting.toLocaleString()}
      bad={wait > 60_000}
      note={outbox.oldest_at ? `the oldest for ${describeWait(wait)}` : "The outbox is empty"}
    />
  );
}

function Letters({ pipeline: { dead_letters } }: Of) {
  const note =
    dead_letters.redriven > 0
      ? `${dead_letters.redriven.toLocaleString()} sent again`
      : dead_letters.open > 0
        ? "Look at them below"
        : "Nothing was given up";
  return (
    <Measure
      label="Dead letters"
      value={dead_letters.open.toLocaleString()}
      bad={dead_letters.open > 0}
      note={note}
    />
  );
}

function Parts({ status }: { status: Status | undefined }) {
  if (!status) return <Measure label="Parts" value="–" note="Not asked yet" />;
  const named = (state: Status["parts"][number]["status"]) =>
    status.parts.filter((part) => part.status === state).map((part) => part.name);
  const down = named("down");
  const waking = named("waking");
  const value =
    down.length > 0 ? `${down.length} down` : waking.length > 0 ? `${waking.length} waking` : "All up";
  const note = (down.length > 0 ? down : waking).join(", ") || `${status.parts.length} asked`;
  return <Measure label="Parts" value={value} bad={down.length > 0} note={note} />;
}

interface MeasureProps {
  label: string;
  value: string;
  note: string;
  bad?: boolean;
  aside?: ReactNode;
}

function Measure({ label, value, note, bad = false, aside }: MeasureProps) {
  return (
    <div className="relative overflow-hidden rounded-xl border border-line bg-surface px-3.5 py-3 sm:px-4 sm:py-3.5">
      <dt className="truncate text-sm text-ink-2">{label}</dt>
      <dd className={cn("tabular mt-1 text-2xl font-semibold tracking-tight", bad && "text-danger")}>
        {value}
      </dd>
      <dd className="mt-0.5 truncate text-[0.8125rem] text-ink-2" title={note}>
        {note}
      </dd>
      {aside}
    </div>
  );
}
