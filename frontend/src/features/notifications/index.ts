/** What other features may use of notifications. */
export { NotificationBell } from "./bell";
export type { BrowserNotifications } from "./browser";
export { useBrowserNotifications } from "./hooks/use-browser-notifications";
