import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { Unreachable } from "@/lib/api/problem";
import { localZone } from "@/lib/time/zone";
import type { Recurrence, Task } from "../task";
import { occurrencesAfter } from "../recurrence/occurrences";

const howMany = 5;

/** `number` is that of the task in its series, for COUNT. */
type Series = Recurrence & Pick<Task, "due_at" | "timezone"> & { number: number };

/** Asks the server, which is authoritative; offline, the rule is evaluated here. */
async function previewRecurrence(
  { rrule, mode, due_at, timezone, number }: Series,
  signal: AbortSignal,
): Promise<Date[]> {
  try {
    const { occurrences } = await api.post<Schema["Occurrences"]>(
      "/api/todos/recurrence-preview",
      { rrule, mode, due_at, timezone, number, count: howMany } satisfies Schema["RecurrencePreview"],
      { signal },
    );
    return occurrences.map((at) => new Date(at));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return occurrencesAfter(rrule, due_at ? new Date(due_at) : new Date(), timezone ?? localZone(), howMany);
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
