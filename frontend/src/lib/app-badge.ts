/** Shows a number on the icon of the installed app, or none. Not every browser can, and some refuse it to a page that is not installed. */
export function showBadge(count: number): void {
  if (!("setAppBadge" in navigator)) return;
  void (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => {});
}
