"use client";

import { Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { Rule } from "../../recurrence/rule";
import * as words from "@/messages/repeatEditor";

interface EndOfSeriesProps {
  end: Rule["end"];
  /** On the clocks of the series, as a Date whose UTC fields hold it. */
  due: Date;
  onChange: (end: Rule["end"]) => void;
}

/** Chooses when the recurrence ends. */
export function EndOfSeries({ end, due, onChange }: EndOfSeriesProps) {
  function choose(kind: string) {
    if (kind === "count") onChange({ kind, count: 10 });
    else if (kind === "until") {
      const year = new Date(due);
      year.setUTCFullYear(year.getUTCFullYear() + 1);
      onChange({ kind, until: year.toISOString().slice(0, 10) });
    } else onChange({ kind: "never" });
  }
  return (
    <div className="flex items-center gap-2">
      <Select
        aria-label={words.ends()}
        value={end.kind}
        onChange={(event) => choose(event.target.value)}
        className="min-w-0 flex-1"
      >
        <option value="never">{words.endsNever()}</option>
        <option value="count">{words.endsAfter()}</option>
        <option value="until">{words.endsOn()}</option>
      </Select>
      {end.kind === "count" ? (
        <Input
          type="number"
          min={1}
          max={999}
          aria-label={words.times()}
          className="w-20 px-2"
          value={end.count}
          onChange={(event) =>
            onChange({ kind: "count", count: Math.max(1, event.target.valueAsNumber || 1) })
          }
        />
      ) : null}
      {end.kind === "until" ? (
        <Input
          type="date"
          aria-label={words.lastDay()}
          className="w-36 px-2"
          value={end.until}
          onChange={(event) => event.target.value && onChange({ kind: "until", until: event.target.value })}
        />
      ) : null}
    </div>
  );
}
