import { Emitter } from "@/lib/store/emitter";
import type { Said } from "./said";
import { isAnyVisible } from "./visible-tab";

const key = "taskwire.browser-notifications";

/** `off`: not enabled. `blocked`: the browser denies permission. `none`: the browser does not support it. */
export type BrowserNotifications = "on" | "off" | "blocked" | "none";

/** Whether the browser also shows reminders while the page is hidden. */
class BrowserNotificationStore extends Emitter {
  get = (): BrowserNotifications => {
    if (typeof Notification === "undefined") return "none";
    if (Notification.permission === "denied") return "blocked";
    return Notification.permission === "granted" && wanted() ? "on" : "off";
  };

  /** Call it from a click handler: browsers ask the user only then. */
  async set(on: boolean): Promise<void> {
    try {
      if (on && (await Notification.requestPermission()) === "granted") localStorage.setItem(key, "on");
      else localStorage.removeItem(key);
    } catch {
      // Storage is disabled, so it stays off.
    }
    this.emit();
  }
}

export const browserNotifications = new BrowserNotificationStore();

function wanted(): boolean {
  try {
    return localStorage.getItem(key) === "on";
  } catch {
    return false;
  }
}

/** Shows a notification of the operating system, once for all tabs, and none if one of them is visible. */
export async function showInBrowser(id: string, { title, body }: Said, onClick: () => void) {
  if (browserNotifications.get() !== "on" || (await isAnyVisible())) return;
  try {
    const shown = new Notification(title, {
      ...{ body, tag: id },
      icon: "/icon-192.png",
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick();
    };
  } catch {
    // Mobile browsers allow only service workers to show notifications.
  }
}
