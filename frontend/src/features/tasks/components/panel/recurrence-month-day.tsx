"use client";

import { Select } from "@/components/ui/select";
import * as words from "@/messages/repeatEditor";
import { describeMonthDay } from "../../recurrence/describe-rule";
import { type MonthDay, weekdays } from "../../recurrence/rule";

interface MonthDayFieldProps {
  value: MonthDay | null;
  /** On the clocks of the series, as a Date whose UTC fields hold it. */
  due: Date;
  onChange: (value: MonthDay | null) => void;
}

/** Chooses the day of the month; the options match the due date. */
export function MonthDayField({ value, due, onChange }: MonthDayFieldProps) {
  const weekday = weekdays[(due.getUTCDay() + 6) % 7] ?? "MO";
  const choices: MonthDay[] = [
    { kind: "date", day: due.getUTCDate() },
    { kind: "weekday", nth: Math.ceil(due.getUTCDate() / 7), weekday },
    { kind: "weekday", nth: -1, weekday },
    { kind: "date", day: -1 },
  ];
  if (value && !choices.some((choice) => keyOf(choice) === keyOf(value))) choices.unshift(value);
  return (
    <Select
      aria-label={words.dayOfMonth()}
      value={value ? keyOf(value) : keyOf(choices[0])}
      onChange={(event) => onChange(choices.find((choice) => keyOf(choice) === event.target.value) ?? null)}
    >
      {choices
        .filter((choice, i) => choices.findIndex((other) => keyOf(other) === keyOf(choice)) === i)
        .map((choice) => (
          <option key={keyOf(choice)} value={keyOf(choice)}>
            {describeMonthDay(choice)}
          </option>
        ))}
    </Select>
  );
}

const keyOf = (day: MonthDay | undefined): string =>
  !day ? "" : day.kind === "date" ? `${day.day}` : `${day.nth}${day.weekday}`;
