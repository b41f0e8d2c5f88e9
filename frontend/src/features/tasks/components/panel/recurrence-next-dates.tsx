"use client";

import { formatDate, formatTime } from "@/lib/time/days";
import { explain } from "@/lib/api/problem";
import { useRecurrencePreview } from "../../api/preview-recurrence";
import * as words from "@/messages/repeatEditor";

/** Previews the next dates of a rule. */
export function NextDates({ series }: { series: Parameters<typeof useRecurrencePreview>[0] }) {
  const { data, error } = useRecurrencePreview(series);
  return (
    <div className="min-h-34 rounded-lg bg-sunken px-3 py-2">
      <h4 className="text-xs font-medium text-ink-3">{words.nextDates()}</h4>
      {error ? (
        <p className="mt-1 text-[0.8125rem] text-danger">{explain(error)}</p>
      ) : (
        <ol className="mt-1 space-y-0.5 text-[0.8125rem]" aria-label={words.nextDates()}>
          {data?.map((at) => (
            <li key={at.getTime()} className="tabular flex justify-between gap-2">
              <time dateTime={at.toISOString()}>{formatDate(at)}</time>
              {series.due_date ? null : <span className="text-ink-3">{formatTime(at)}</span>}
            </li>
          ))}
          {data?.length === 0 ? <li className="text-ink-3">{words.neverAgain()}</li> : null}
        </ol>
      )}
    </div>
  );
}
