"use client";

import { Switch } from "@/components/ui/switch";
import { type BrowserNotifications, useBrowserNotifications } from "@/features/notifications";
import { Section, SettingRow } from "./section";

const hints: Record<BrowserNotifications, string> = {
  on: "Reminders appear on your desktop while Taskwire is open in the background.",
  off: "Show reminders on your desktop while Taskwire is open in the background.",
  blocked: "Notifications are blocked for this site. Allow them in your browser's settings.",
  none: "This browser does not support notifications.",
};

export function BrowserSection() {
  const [state, set] = useBrowserNotifications();
  return (
    <Section title="This browser" text="Stored in this browser only.">
      <SettingRow id="browser-notifications" label="Browser notifications" hint={hints[state]}>
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
