"use client";

import * as words from "@/messages/pipeline";
import { formatNumber, perLocale } from "@/lib/words/per-locale";
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

const clock = perLocale((tag) => new Intl.DateTimeFormat(tag, { timeStyle: "medium" }));

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
        {words.measuredAt({
          time: clock().format(new Date(measured_at)),
          at: (time) => (
            <time dateTime={measured_at} title={formatFull(new Date(measured_at))}>
              {time}
            </time>
          ),
        })}
        {missing.map(({ part, detail }) => (
          <span key={part} role="status" className="text-warn">
            {" "}
            {words.incomplete({ detail })}
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
      label={words.events()}
      value={rate === undefined ? "–" : describeRate(rate)}
      note={rate === undefined ? words.noBroker() : words.allTopics()}
      aside={rate === undefined ? null : <Sparkline at={measured_at} value={rate} />}
    />
  );
}

function Stream({ pipeline: { traffic } }: Of) {
  const delay = traffic?.commit_to_stream;
  return (
    <Measure
      label={words.commitToStream()}
      value={delay ? describeLatency(delay.p50_ms) : "–"}
      bad={delay ? delay.p95_ms > 1000 : false}
      note={
        delay
          ? words.percentiles({ p95: describeLatency(delay.p95_ms), p99: describeLatency(delay.p99_ms) })
          : traffic
            ? words.nothingLately()
            : words.notMeasured()
      }
    />
  );
}

function Lag({ pipeline: { broker } }: Of) {
  const lag = broker?.groups.reduce((sum, group) => sum + group.lag, 0);
  const last = broker?.groups.toSorted((a, b) => b.lag - a.lag)[0];
  return (
    <Measure
      label={words.stillToHandle()}
      value={lag === undefined ? "–" : formatNumber(lag)}
      bad={(last?.lag ?? 0) > 1000}
      note={
        lag === undefined
          ? words.noBroker()
          : last && last.lag > 0
            ? words.furthestBehind({ group: groupName(last.group) })
            : words.noneBehind()
      }
    />
  );
}

function Outbox({ pipeline: { outbox, measured_at } }: Of) {
  const wait = outbox.oldest_at ? Date.parse(measured_at) - Date.parse(outbox.oldest_at) : 0;
  return (
    <Measure
      label={words.toBePublished()}
      value={formatNumber(outbox.waiting)}
      bad={wait > 60_000}
      note={outbox.oldest_at ? words.oldestFor({ duration: describeWait(wait) }) : words.outboxEmpty()}
    />
  );
}

function Letters({ pipeline: { dead_letters } }: Of) {
  const note =
    dead_letters.redriven > 0
      ? words.countSentAgain({ count: dead_letters.redriven })
      : dead_letters.open > 0
        ? words.lookBelow()
        : words.noFailures();
  return (
    <Measure
      label={words.deadLetters()}
      value={formatNumber(dead_letters.open)}
      bad={dead_letters.open > 0}
      note={note}
    />
  );
}

function Parts({ status }: { status: Status | undefined }) {
  if (!status) return <Measure label={words.parts()} value="–" note={words.notAsked()} />;
  const named = (state: Status["parts"][number]["status"]) =>
    status.parts.filter((part) => part.status === state).map((part) => part.name);
  const down = named("down");
  const waking = named("waking");
  const value =
    down.length > 0
      ? words.countDown({ count: down.length })
      : waking.length > 0
        ? words.countWaking({ count: waking.length })
        : words.allUp();
  const note =
    (down.length > 0 ? down : waking).join(", ") || words.countAsked({ count: status.parts.length });
  return <Measure label={words.parts()} value={value} bad={down.length > 0} note={note} />;
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
