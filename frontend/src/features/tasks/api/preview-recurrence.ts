import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { Unreachable } from "@/lib/api/problem";
import type { Task } from "../task";
import { occurrencesAfter, type Series as Rule } from "../recurrence/occurrences";
import { seriesZone } from "../recurrence/series-start";
import { dayOf, dueTime } from "../view/due";

const howMany = 5;

type Series = Rule & Pick<Task, "due_at" | "due_date" | "timezone">;

/** Asks the server, which is authoritative; offline, the rule is evaluated here. */
async function previewRecurrence(
  { rrule, mode, due_at, due_date, timezone, number }: Series,
  signal: AbortSignal,
): Promise<Date[]> {
  try {
    const { occurrences, dates } = await api.post<Schema["Occurrences"]>(
      "/api/todos/recurrence-preview",
      {
        rrule,
        mode,
        due_at,
        due_date,
        timezone,
        number,
        count: howMany,
      } satisfies Schema["RecurrencePreview"],
      { signal },
    );
    return dates ? dates.map(dayOf) : occurrences.map((at) => new Date(at));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const due = new Date(dueTime({ due_at, due_date }) ?? Date.now());
    return occurrencesAfter({ rrule, mode, number }, due, seriesZone({ due_date, timezone }), howMany);
  }
}

/** The next dates of a series. */
export const recurrencePreviewOptions = (series: Series) =>
  queryOptions({
    queryKey: ["recurrence-preview", series],
    queryFn: ({ signal }) => previewRecurrence(series, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const useRecurrencePreview = (series: Series) => useQuery(recurrencePreviewOptions(series));
