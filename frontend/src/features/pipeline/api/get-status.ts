import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Status } from "../pipeline";

/** The status of each part. */
export const statusOptions = () =>
  queryOptions({
    queryKey: ["pipeline", "status"],
    queryFn: ({ signal }) => api.get<Status>("/api/status", { signal }),
    refetchInterval: 5_000,
  });

export const useStatus = (enabled: boolean) => useQuery({ ...statusOptions(), enabled });
