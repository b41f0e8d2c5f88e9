/** What other features use of the settings. */
export { useWeekStart } from "./hooks/use-week-start";
