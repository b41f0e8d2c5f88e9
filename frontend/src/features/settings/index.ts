/** What other features may use of the settings. */
export { loadWeekStart, weekStart } from "./api/week-start";
export { usePreferences } from "./api/get-preferences";
export { usePutPreferences } from "./api/put-preferences";
export { weekdayName, WeekdayOptions, ZoneOptions } from "./components/place-options";
export { useWeekStart } from "./hooks/use-week-start";
export { Section, SettingRow } from "./components/section";
export { LetterSwitch } from "./components/letter-switch";
