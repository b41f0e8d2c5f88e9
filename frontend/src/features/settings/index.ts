/** What other features may use of the settings. */
export { loadWeekStart, weekStart } from "./api/week-start";
export { useWeekStart } from "./hooks/use-week-start";
