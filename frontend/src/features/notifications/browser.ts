import { Emitter } from "@/lib/store/emitter";
import type { Notification as Ours } from "./notification";

const key = "taskwire.browser-notifications";

/** `off`: not asked for. `blocked`: the browser refuses. `none`: it has no such thing. */
export type BrowserNotifications = "on" | "off" | "blocked" | "none";

/** Whether reminders are shown by the browser too while nobody looks at the page. */
class BrowserNotificationStore extends Emitter {
  get = (): BrowserNotifications => {
    if (typeof Notification === "undefined") return "none";
    if (Notification.permission === "denied") return "blocked";
    return Notification.permission === "granted" && wanted() ? "on" : "off";
  };

  /** Must be called by a click: browsers ask the user only then. */
  async set(on: boolean): Promise<void> {
    try {
      if (on && (await Notification.requestPermission()) === "granted") localStorage.setItem(key, "on");
      else localStorage.removeItem(key);
    } catch {
      // Storage is turned off: then it stays off.
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

/** Shows it beside the page, once however many tabs there are. */
export function showInBrowser(notification: Ours, onClick: () => void) {
  if (browserNotifications.get() !== "on") return;
  try {
    const shown = new Notification(notification.title, {
      body: notification.body,
      tag: notification.id,
      icon: "/icon-192.png",
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick();
    };
  } catch {
    // A phone's browser shows only what a service worker asks for.
  }
}
