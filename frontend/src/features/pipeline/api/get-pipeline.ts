import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Pipeline } from "../pipeline";

/** The pipeline's figures, refetched while the page is visible. */
export const pipelineOptions = () =>
  queryOptions({
    queryKey: ["pipeline", "measures"],
    queryFn: ({ signal }) => api.get<Pipeline>("/api/admin/pipeline", { signal }),
    refetchInterval: 2_000,
  });

export const usePipeline = (enabled: boolean) => useQuery({ ...pipelineOptions(), enabled });
