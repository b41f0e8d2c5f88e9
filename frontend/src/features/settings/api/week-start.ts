import type { QueryClient } from "@tanstack/react-query";
import { weekdays } from "../preferences";
import { preferencesOptions } from "./get-preferences";

/** Fetches the preferences, so that weekStart knows them. */
export const loadWeekStart = (client: QueryClient): Promise<void> =>
  client.prefetchQuery(preferencesOptions());

/** The day that the user's weeks begin on: 0 is Monday, which it is until the preferences are known. */
export function weekStart(client: QueryClient): number {
  const preferences = client.getQueryData(preferencesOptions().queryKey);
  return preferences ? weekdays.indexOf(preferences.week_start) : 0;
}
