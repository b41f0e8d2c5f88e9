/** What other features may use of the settings. */
export { useWeekStart } from "./hooks/use-week-start";
