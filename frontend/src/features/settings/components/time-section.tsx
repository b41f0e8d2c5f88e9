"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { describeLead } from "@/lib/time/lead";
import { explain } from "@/lib/api/problem";
import { useNow } from "@/lib/time/now";
import { localZone } from "@/lib/time/zone";
import { useWhole } from "@/lib/use-whole";
import * as common from "@/messages/common";
import * as words from "@/messages/settings";
import { usePreferences } from "../api/get-preferences";
import { usePutPreferences } from "../api/put-preferences";
import { leads, type Preferences } from "../preferences";
import { timeIn, zoneLabel } from "../zones";
import { WeekdayOptions, ZoneOptions } from "./place-options";
import { Section, SettingRow } from "./section";

/** The preferences for reminders and dates. Each change is saved immediately. */
export function TimeSection() {
  const { data, error, refetch } = usePreferences();
  return (
    <Section title={words.timeAndReminders()} text={words.timeText()}>
      {data ? (
        <Choices preferences={data} />
      ) : error ? (
        <div className="text-sm">
          <p className="text-ink-2">{explain(error)}</p>
          <Button className="mt-3" onClick={() => void refetch()}>
            {common.tryAgain()}
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
      <SettingRow id="lead" label={words.remindMe()} hint={words.remindMeHint()}>
        <Select
          id="lead"
          aria-describedby="lead-hint"
          className="w-full sm:w-64"
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
      <SettingRow id="overdue" label={words.overdue()} hint={words.overdueHint()}>
        <Switch
          id="overdue"
          aria-describedby="overdue-hint"
          checked={overdue_reminders}
          onCheckedChange={(on) => save.mutate({ overdue_reminders: on })}
        />
      </SettingRow>
      <SettingRow id="day-start" label={words.dayStart()} hint={words.dayStartHint()}>
        <DayStart value={day_start} onChange={(value) => save.mutate({ day_start: value })} />
      </SettingRow>
      <SettingRow id="week-start" label={words.weekStart()}>
        <Select
          id="week-start"
          className="w-full sm:w-64"
          value={week_start}
          onChange={(event) => save.mutate({ week_start: event.target.value as Preferences["week_start"] })}
        >
          <WeekdayOptions />
        </Select>
      </SettingRow>
    </>
  );
}

/** A time, saved when the field is left. One that is empty or incomplete by then is put back. */
function DayStart({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <Input
      id="day-start"
      type="time"
      aria-describedby="day-start-hint"
      className="w-full sm:w-64"
      value={draft ?? value}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => {
        setDraft(null);
        if (draft && draft !== value) onChange(draft);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

function Zone({ zone, onChange }: { zone: string; onChange: (zone: string) => void }) {
  const now = useNow();
  const here = localZone();
  const time = timeIn(zone, now);
  // The hundreds of zones are rendered after the page has been painted.
  const whole = useWhole();
  return (
    <div>
      <SettingRow id="zone" label={words.timeZone()} hint={time ? words.timeThere({ time }) : undefined}>
        <Select
          id="zone"
          aria-describedby="zone-hint"
          className="w-full sm:w-64"
          value={zone}
          onChange={(event) => onChange(event.target.value)}
        >
          {whole ? <ZoneOptions zone={zone} here={here} /> : <option value={zone}>{zoneLabel(zone)}</option>}
        </Select>
      </SettingRow>
      {here !== zone ? (
        <p className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg bg-warn-wash px-3 py-2 text-sm">
          <span>
            {words.browserZone({
              name: here.replaceAll("_", " "),
              zone: (text) => <strong className="font-semibold">{text}</strong>,
            })}
          </span>
          <Button size="sm" onClick={() => onChange(here)}>
            {words.useZone()}
          </Button>
        </p>
      ) : null}
    </div>
  );
}
