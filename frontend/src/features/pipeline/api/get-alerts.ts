import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";

export type Alert = Schema["Alert"];

/** The alerts, firing ones first. Where none are evaluated it asks rarely. */
export const alertsOptions = () =>
  queryOptions({
    queryKey: ["pipeline", "alerts"],
    queryFn: async ({ signal }) =>
      (await api.get<Schema["AlertList"]>("/api/admin/alerts", { signal })).items,
    retry: false,
    refetchInterval: ({ state }) => (state.error ? 60_000 : 5_000),
  });

export const useAlerts = () => useQuery(alertsOptions());
