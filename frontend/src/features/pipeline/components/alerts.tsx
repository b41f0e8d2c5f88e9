"use client";

import * as words from "@/messages/pipeline";
import { loading } from "@/messages/common";
import { BellRing, CircleCheck, Hourglass } from "lucide-react";
import { briefly, explain, Problem } from "@/lib/api/problem";
import { cn } from "@/lib/cn";
import { daysBetween, formatDayAndTime, formatFull, formatTime } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { type Alert, useAlerts } from "../api/get-alerts";

/** Each alert with its state, firing ones first; rules without an alert are folded. */
export function Alerts() {
  const { data: alerts, error } = useAlerts();
  const active = alerts?.filter(({ state }) => state !== "inactive") ?? [];
  const quiet = alerts?.filter(({ state }) => state === "inactive") ?? [];
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts" className="font-semibold">
        {words.alerts()}
      </h2>
      <div className="mt-3 overflow-hidden rounded-xl border border-line bg-surface">
        {alerts && alerts.length > 0 ? (
          <>
            {active.length > 0 ? (
              <ul aria-label={words.activeAlerts()} className="divide-y divide-line">
                {active.map((alert) => (
                  <ActiveAlert key={`${alert.name} ${JSON.stringify(alert.labels)}`} alert={alert} />
                ))}
              </ul>
            ) : (
              <p className="flex items-center gap-2 px-4 py-3 text-sm">
                <CircleCheck aria-hidden className="size-4 text-accent" /> {words.noAlert()}
              </p>
            )}
            {quiet.length > 0 ? <QuietRules rules={quiet} /> : null}
          </>
        ) : (
          <p className="px-4 py-3 text-sm text-ink-2">
            {alerts ? words.noRules() : error ? words.alertsFailed({ reason: reason(error) }) : loading()}
          </p>
        )}
      </div>
    </section>
  );
}

const reason = (error: unknown) =>
  (error instanceof Problem ? briefly(error) : explain(error)).replace(/\.$/, "");

const looks = {
  firing: { Icon: BellRing, label: words.firing, className: "bg-danger-wash text-danger" },
  pending: { Icon: Hourglass, label: words.pending, className: "bg-warn-wash text-warn" },
};

function ActiveAlert({ alert }: { alert: Alert }) {
  const { Icon, label, className } = looks[alert.state === "firing" ? "firing" : "pending"];
  const labels = Object.entries(alert.labels);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span
            className={cn(
              "inline-flex items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium",
              className,
            )}
          >
            <Icon aria-hidden className="size-3" /> {label()}
          </span>
          <span className="font-medium">{alert.name}</span>
          <span className="text-sm text-ink-2">{alert.severity}</span>
        </p>
        <p className="mt-0.5 text-sm wrap-anywhere text-ink-2">
          {alert.summary || labels.map(([name, value]) => `${name} ${value}`).join(", ")}
        </p>
      </div>
      <p className="text-xs text-ink-3 sm:pt-1 sm:text-end">
        {alert.since ? <Since time={alert.since} /> : null}
        <Runbook alert={alert} />
      </p>
    </li>
  );
}

function Since({ time }: { time: string }) {
  const now = useNow();
  const at = new Date(time);
  const today = daysBetween(now, at) === 0;
  return (
    <time dateTime={time} title={formatFull(at)}>
      {words.since({ time: today ? formatTime(at) : formatDayAndTime(at, now) })}
    </time>
  );
}

/** A link to what to do, or its place in the repository. */
function Runbook({ alert: { name, runbook_url } }: { alert: Alert }) {
  if (!runbook_url) return null;
  return (
    <span className="block">
      {/^https?:\/\//.test(runbook_url) ? (
        <a
          href={runbook_url}
          target="_blank"
          rel="noreferrer"
          aria-label={words.runbookOf({ name })}
          className="underline underline-offset-2 hover:text-ink"
        >
          {words.runbook()}
        </a>
      ) : (
        <span className="font-mono">{runbook_url}</span>
      )}
    </span>
  );
}

function QuietRules({ rules }: { rules: Alert[] }) {
  return (
    <details className="border-t border-line">
      <summary className="px-4 py-2.5 text-sm text-ink-2 hover:bg-hover">
        {words.rulesInactive({ count: rules.length })}
      </summary>
      <ul aria-label={words.inactiveRules()} className="divide-y divide-line border-t border-line">
        {rules.map((rule) => (
          <li
            key={rule.name}
            className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2 text-sm"
          >
            <span>
              {rule.name} <span className="text-ink-3">{rule.severity}</span>
            </span>
            <span className="text-xs text-ink-3">
              <Runbook alert={rule} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
