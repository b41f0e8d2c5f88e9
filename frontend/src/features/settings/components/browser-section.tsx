"use client";

import { Switch } from "@/components/ui/switch";
import { type BrowserNotifications, useBrowserNotifications } from "@/features/notifications";
import { Section, SettingRow } from "./section";

const hints: Record<BrowserNotifications, string> = {
  on: "Reminders appear on your desktop while Taskwire is open and you are looking elsewhere.",
  off: "Show reminders on your desktop while Taskwire is open and you are looking elsewhere.",
  blocked: "This browser blocks them for Taskwire: allow them in its own settings for this site.",
  none: "This browser does not have them.",
};

export function BrowserSection() {
  const [state, set] = useBrowserNotifications();
  return (
    <Section title="This browser" text="Kept here only, not on your other devices.">
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
