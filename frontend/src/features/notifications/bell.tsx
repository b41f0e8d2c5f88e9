/** What stands in the header for notifications. */
export function NotificationBell() {
  return null;
}
