"use client";

import { useMemo } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { describeLead } from "@/lib/time/lead";
import { explain } from "@/lib/api/problem";
import { useNow } from "@/lib/time/now";
import { localZone } from "@/lib/time/zone";
import { usePreferences } from "../api/get-preferences";
import { usePutPreferences } from "../api/put-preferences";
import { leads, type Preferences, weekdays } from "../preferences";
import { timeIn, zoneGroups } from "../zones";
import { Section, SettingRow } from "./section";

/** The preferences for reminders and dates. Each change is saved immediately. */
export function TimeSection() {
  const { data, error, refetch } = usePreferences();
  return (
    <Section title="Time and reminders" text="Changes are saved as you make them, for all your devices.">
      {data ? (
        <Choices preferences={data} />
      ) : error ? (
        <div className="text-sm">
          <p className="text-ink-2">{explain(error)}</p>
          <Button className="mt-3" onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      ) : (
        <div aria-hidden className="h-64" />
      )}
    </Section>
  );
}

function Choices({ preferences }: { preferences: Preferences }) {
  const save = usePutPreferences();
  const { timezone, reminder_lead, overdue_reminders, week_start, day_start } = preferences;
  return (
    <>
      <Zone zone={timezone} onChange={(zone) => save.mutate({ timezone: zone })} />
      <SettingRow id="lead" label="Remind me" hint="Used when a task has no reminders.">
        <Select
          id="lead"
          aria-describedby="lead-hint"
          className="w-full sm:w-56"
          value={reminder_lead}
          onChange={(event) => save.mutate({ reminder_lead: event.target.value })}
        >
          {[...new Set([...leads, reminder_lead])].map((lead) => (
            <option key={lead} value={lead}>
              {describeLead(lead)}
            </option>
          ))}
        </Select>
      </SettingRow>
      <SettingRow
        id="overdue"
        label="Remind me of what is overdue"
        hint="Once a day, until the task is completed."
      >
        <Switch
          id="overdue"
          aria-describedby="overdue-hint"
          checked={overdue_reminders}
          onCheckedChange={(on) => save.mutate({ overdue_reminders: on })}
        />
      </SettingRow>
      <SettingRow
        id="day-start"
        label="Your day begins at"
        hint="When reminders of tasks without a time come, and what they are counted from."
      >
        <Input
          id="day-start"
          type="time"
          aria-describedby="day-start-hint"
          className="w-full sm:w-56"
          defaultValue={day_start}
          key={day_start}
          onBlur={({ target: { value } }) => {
            if (value && value !== day_start) save.mutate({ day_start: value });
          }}
        />
      </SettingRow>
      <SettingRow id="week-start" label="The week begins on">
        <Select
          id="week-start"
          className="w-full sm:w-56"
          value={week_start}
          onChange={(event) => save.mutate({ week_start: event.target.value as Preferences["week_start"] })}
        >
          {weekdays.map((day) => (
            <option key={day} value={day}>
              {day.charAt(0).toUpperCase() + day.slice(1)}
            </option>
          ))}
        </Select>
      </SettingRow>
    </>
  );
}

function Zone({ zone, onChange }: { zone: string; onChange: (zone: string) => void }) {
  const now = useNow();
  const here = localZone();
  const groups = useMemo(() => zoneGroups(zone, here), [zone, here]);
  const time = timeIn(zone, now);
  return (
    <div>
      <SettingRow id="zone" label="Time zone" hint={time ? `It is ${time} there.` : undefined}>
        <Select
          id="zone"
          aria-describedby="zone-hint"
          className="w-full sm:w-56"
          value={zone}
          onChange={(event) => onChange(event.target.value)}
        >
          {groups.map(({ region, zones }) => (
            <optgroup key={region} label={region}>
              {zones.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
      </SettingRow>
      {here !== zone ? (
        <p className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg bg-warn-wash px-3 py-2 text-sm">
          <span>
            This browser is in <strong className="font-semibold">{here.replaceAll("_", " ")}</strong>.
          </span>
          <Button size="sm" onClick={() => onChange(here)}>
            Use that
          </Button>
        </p>
      ) : null}
    </div>
  );
}
