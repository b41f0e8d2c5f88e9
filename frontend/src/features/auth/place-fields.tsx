"use client";

import { type ReactNode, useId, useState, useSyncExternalStore } from "react";
import { Select } from "@/components/ui/select";
import { weekdayName, WeekdayOptions, ZoneOptions } from "@/features/settings";
import { browserPlace } from "@/lib/time/place";
import * as words from "@/messages/auth";
import * as common from "@/messages/common";

const never = () => () => {};

let place: ReturnType<typeof browserPlace> | null = null;
const placeOnce = () => (place ??= browserPlace());

/** The time zone and the first day of the week that the browser suggests, which can be changed. */
export function PlaceFields() {
  const here = useSyncExternalStore(never, placeOnce, () => null);
  return here ? <Fields zone={here.timezone} weekStart={here.week_start ?? "monday"} /> : null;
}

function Fields({ zone, weekStart }: { zone: string; weekStart: string }) {
  const [chosen, setChosen] = useState({ zone, weekStart });
  return (
    <details className="group rounded-lg bg-sunken px-3.5 py-2.5 text-sm">
      <summary className="flex cursor-pointer list-none items-baseline justify-between gap-3 [&::-webkit-details-marker]:hidden">
        <span className="min-w-0 text-ink-2">
          {words.place({ zone: chosen.zone.replaceAll("_", " "), day: weekdayName(chosen.weekStart) })}
        </span>
        <span className="shrink-0 font-medium text-accent underline-offset-4 group-hover:underline">
          <span className="group-open:hidden">{common.change()}</span>
          <span className="hidden group-open:inline">{common.close()}</span>
        </span>
      </summary>
      <div className="mt-3 space-y-3 pb-1">
        <Choice
          label={words.timeZone()}
          name="timezone"
          value={chosen.zone}
          onChange={(value) => setChosen({ ...chosen, zone: value })}
        >
          <ZoneOptions zone={chosen.zone} here={zone} />
        </Choice>
        <Choice
          label={words.weekStart()}
          name="week_start"
          value={chosen.weekStart}
          onChange={(value) => setChosen({ ...chosen, weekStart: value })}
        >
          <WeekdayOptions />
        </Choice>
        <p className="text-ink-2">{words.formats()}</p>
      </div>
    </details>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}

function Choice({ label, name, value, onChange, children }: ChoiceProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <Select
        id={id}
        name={name}
        className="w-full"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {children}
      </Select>
    </div>
  );
}
