import { expect, test } from "vitest";
import { describeRule } from "./describe-rule";
import { formatRule, parseRule } from "./rule";
import { seriesStart } from "./series-start";

test.each([
  ["FREQ=DAILY", "every day"],
  ["FREQ=DAILY;INTERVAL=3", "every 3 days"],
  ["FREQ=WEEKLY;BYDAY=MO,TH", "every Monday and Thursday"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every 2 weeks on Friday"],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"],
  ["FREQ=MONTHLY;BYMONTHDAY=1", "every month on the 1st"],
  ["FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"],
  ["FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"],
  ["FREQ=MONTHLY;BYDAY=2TU;COUNT=4", "every month on the second Tuesday, 4 times"],
  ["FREQ=YEARLY;UNTIL=20301231", "every year, until Dec 31, 2030"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "every 2 weeks on Monday and Sunday"],
])("%s is %s, and stays what it is", (rrule, words) => {
  expect(describeRule(rrule)).toBe(words);
  const rule = parseRule(rrule);
  expect(rule && formatRule(rule)).toBe(rrule);
});

test.each([
  "FREQ=HOURLY",
  "FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO",
  "FREQ=YEARLY;BYMONTH=3",
  "nonsense",
  "FREQ=DAILY;INTERVAL=0",
  "FREQ=MONTHLY;BYMONTHDAY=-2",
  "FREQ=MONTHLY;BYMONTHDAY=32",
  "FREQ=WEEKLY;WKST=XX",
])("%s is left to be edited as text", (rrule) => {
  expect(parseRule(rrule)).toBeNull();
  expect(describeRule(rrule)).toBe(rrule);
});

test.each([
  // The last day on which the series has an occurrence before that moment, on the clocks of its zone.
  ["20301231T235959Z", { due_at: "2027-01-01T08:00:00Z", timezone: "Europe/Berlin" }, "2030-12-31"],
  ["20301231T235959Z", { due_date: "2027-01-01" }, "2031-01-01"],
  ["20301231T235959Z", { due_at: "2027-01-02T01:00:00Z", timezone: "America/New_York" }, "2030-12-30"],
  ["20301231T235959Z", { due_at: "2027-01-01T14:00:00Z", timezone: "America/New_York" }, "2030-12-31"],
  ["20301231T080000", { due_at: "2027-01-01T08:00:00Z", timezone: "Europe/Berlin" }, "2030-12-30"],
  ["20301231T090000", { due_at: "2027-01-01T08:00:00Z", timezone: "Europe/Berlin" }, "2030-12-31"],
  ["20301231", { due_at: "2027-01-02T04:59:00Z", timezone: "America/New_York" }, "2030-12-31"],
])("a series with UNTIL=%s and %j ends on a day of its zone", (until, due, day) => {
  const start = seriesStart({ due_at: null, due_date: null, timezone: null, ...due });
  const rule = parseRule(`FREQ=DAILY;UNTIL=${until}`, start);
  expect(rule?.end).toEqual({ kind: "until", until: day });
  expect(rule && formatRule(rule)).toBe(`FREQ=DAILY;UNTIL=${day.replaceAll("-", "")}`);
});
