import { expect, test } from "vitest";
import { occurrencesAfter } from "./occurrences";
import { describeRule } from "./describe-rule";
import { formatRule, parseRule } from "./rule";

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
  ["FREQ=YEARLY;UNTIL=20301231T235959Z", "every year, until Dec 31, 2030"],
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
])("%s is left to be edited as text", (rrule) => {
  expect(parseRule(rrule)).toBeNull();
  expect(describeRule(rrule)).toBe(rrule);
});

test("nine o'clock stays nine o'clock when the clocks change", async () => {
  const due = new Date("2027-03-22T08:00:00Z");
  expect(await occurrencesAfter("FREQ=WEEKLY;BYDAY=MO", due, "Europe/Berlin", 2)).toEqual([
    new Date("2027-03-29T07:00:00Z"),
    new Date("2027-04-05T07:00:00Z"),
  ]);
});

test("a series that ends has fewer dates", async () => {
  const due = new Date("2027-01-01T08:00:00Z");
  expect(await occurrencesAfter("FREQ=DAILY;COUNT=3", due, "UTC", 5)).toHaveLength(2);
});
