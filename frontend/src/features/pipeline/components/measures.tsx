import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { formatFull, formatTime } from "@/lib/time/days";
import { describeWait, type Pipeline, type Status } from "../pipeline";

/** The few numbers that say whether somebody has to do something. */
export function Measures({ pipeline, status }: { pipeline: Pipeline; status: Status | undefined }) {
  const { outbox, dead_letters, measured_at } = pipeline;
  const named = (state: Status["parts"][number]["status"]) =>
    status?.parts.filter((part) => part.status === state).map((part) => part.name) ?? [];
  const down = named("down");
  const waking = named("waking");
  const wait = outbox.oldest_at ? Date.parse(measured_at) - Date.parse(outbox.oldest_at) : 0;
  return (
    <div data-measured={measured_at}>
      <dl className="grid gap-3 sm:grid-cols-3">
        <Measure
          label="Parts"
          value={
            status
              ? down.length > 0
                ? `${down.length} down`
                : waking.length > 0
                  ? `${waking.length} waking`
                  : "All up"
              : "–"
          }
          bad={down.length > 0}
          note={
            status
              ? (down.length > 0 ? down : waking).join(", ") || `${status.parts.length} asked`
              : "Not asked yet"
          }
        />
        <Measure
          label="Waiting to be published"
          value={outbox.waiting.toLocaleString()}
          bad={wait > 60_000}
          note={outbox.oldest_at ? `the oldest for ${describeWait(wait)}` : "The outbox is empty"}
        />
        <Measure
          label="Dead letters to decide on"
          value={dead_letters.open.toLocaleString()}
          bad={dead_letters.open > 0}
          note={
            dead_letters.redriven > 0
              ? `${dead_letters.redriven.toLocaleString()} sent again`
              : dead_letters.open > 0
                ? "Look at them below"
                : "Nothing was given up"
          }
        />
      </dl>
      <p className="mt-3 text-xs text-ink-3">
        Measured at{" "}
        <time dateTime={measured_at} title={formatFull(new Date(measured_at))}>
          {formatTime(new Date(measured_at))}
        </time>
        , and every 5 seconds while you look.
      </p>
    </div>
  );
}

function Measure({
  label,
  value,
  note,
  bad,
}: {
  label: string;
  value: string;
  note: ReactNode;
  bad: boolean;
}) {
  return (
    <div className="rounded-xl border border-line bg-surface px-4 py-3.5">
      <dt className="text-sm text-ink-2">{label}</dt>
      <dd className={cn("tabular mt-1 text-2xl font-semibold tracking-tight", bad && "text-danger")}>
        {value}
      </dd>
      <dd className="mt-0.5 truncate text-[0.8125rem] text-ink-2">{note}</dd>
    </div>
  );
}
