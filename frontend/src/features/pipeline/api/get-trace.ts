import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import { Problem } from "@/lib/api/problem";
import type { Trace } from "../trace/trace";

const every = 2_000;
/** Functions send their spans after some seconds; what has not come by then was not traced. */
const mostFetches = 10;

/** A trace, fetched again while its spans may still arrive. */
export const traceOptions = (id: string) =>
  queryOptions({
    queryKey: ["pipeline", "trace", id],
    queryFn: ({ signal }) => api.get<Trace>(`/api/admin/traces/${encodeURIComponent(id)}`, { signal }),
    retry: false,
    staleTime: ({ state }) => (state.data?.complete ? Infinity : 0),
    refetchInterval: ({ state: { data, error, dataUpdateCount, errorUpdateCount } }) => {
      const arriving = data ? !data.complete : error === null || isMissing(error);
      return arriving && dataUpdateCount + errorUpdateCount < mostFetches ? every : false;
    },
  });

const isMissing = (error: unknown) => error instanceof Problem && error.status === 404;

export function useTrace(id: string) {
  const { data, error, errorUpdateCount } = useQuery(traceOptions(id));
  const missing = isMissing(error);
  return {
    trace: data,
    /** It is not there, but may still come. */
    awaited: missing && errorUpdateCount < mostFetches,
    missing,
    error,
  };
}
