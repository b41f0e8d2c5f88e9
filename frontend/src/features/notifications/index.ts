/** What other features use of the notifications. */
export { NotificationBell } from "./bell";
export type { BrowserNotifications } from "./browser";
export { useBrowserNotifications } from "./hooks/use-browser-notifications";
