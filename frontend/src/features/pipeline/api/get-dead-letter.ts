import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client";
import type { DeadLetterWithEvent } from "../pipeline";
import { deadLettersKey } from "./get-dead-letters";

/** A dead letter with its event. */
export const deadLetterOptions = (id: string) =>
  queryOptions({
    queryKey: [...deadLettersKey, "one", id],
    queryFn: ({ signal }) =>
      api.get<DeadLetterWithEvent>(`/api/admin/dead-letters/${encodeURIComponent(id)}`, { signal }),
  });

export const useDeadLetter = (id: string) => useQuery(deadLetterOptions(id));
