"use client";

import { usePreferences } from "../api/get-preferences";
import { weekdays } from "../preferences";

/** The first day of the user's weeks, numbered as in Date: 0 is Sunday. Monday until it is loaded. */
export function useWeekStart(): number {
  const { data } = usePreferences();
  return data ? (weekdays.indexOf(data.week_start) + 1) % 7 : 1;
}
