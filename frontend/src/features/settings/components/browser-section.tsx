"use client";

import { Switch } from "@/components/ui/switch";
import { type BrowserNotifications, useBrowserNotifications } from "@/features/notifications";
import * as words from "@/messages/settings";
import { Section, SettingRow } from "./section";

const hints: Record<BrowserNotifications, () => string> = {
  on: words.notificationsOn,
  off: words.notificationsOff,
  blocked: words.notificationsBlocked,
  none: words.notificationsNone,
};

export function BrowserSection() {
  const [state, set] = useBrowserNotifications();
  return (
    <Section title={words.thisBrowser()} text={words.browserOnly()}>
      <SettingRow id="browser-notifications" label={words.browserNotifications()} hint={hints[state]()}>
        <Switch
          id="browser-notifications"
          aria-describedby="browser-notifications-hint"
          checked={state === "on"}
          disabled={state === "blocked" || state === "none"}
          onCheckedChange={(on) => void set(on)}
        />
      </SettingRow>
    </Section>
  );
}
