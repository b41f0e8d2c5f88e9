"use client";

import { usePreferences } from "../api/get-preferences";
import { weekdays } from "../preferences";

/** The day that the user's weeks begin on, as Date counts them: 0 is Sunday. Monday, until it is known. */
export function useWeekStart(): number {
  const { data } = usePreferences();
  return data ? (weekdays.indexOf(data.week_start) + 1) % 7 : 1;
}
