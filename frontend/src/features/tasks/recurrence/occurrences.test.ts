import { afterEach, expect, test, vi } from "vitest";
import { instantOf, wallTime } from "@/lib/time/zone";
import { occurrencesAfter, type Series } from "./occurrences";

const scheduled = (rrule: string, number = 1): Series => ({ rrule, mode: "schedule", number });

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["20270103", "Europe/Berlin"],
  ["20270103", "Pacific/Kiritimati"],
  ["20270103", "America/Los_Angeles"],
  ["20270103T090000", "Europe/Berlin"],
  ["20270103T080000Z", "Europe/Berlin"],
])("the last day of UNTIL=%s is among the dates in %s", async (until, zone) => {
  const due = instantOf(new Date("2027-01-01T09:00:00Z"), zone);
  const dates = await occurrencesAfter(scheduled(`FREQ=DAILY;UNTIL=${until}`), due, zone, 5);
  expect(dates.map((at) => wallTime(at, zone).toISOString())).toEqual([
    "2027-01-02T09:00:00.000Z",
    "2027-01-03T09:00:00.000Z",
  ]);
});

test("nine o'clock stays nine o'clock when the clocks change", async () => {
  const due = new Date("2027-03-22T08:00:00Z");
  expect(await occurrencesAfter(scheduled("FREQ=WEEKLY;BYDAY=MO"), due, "Europe/Berlin", 2)).toEqual([
    new Date("2027-03-29T07:00:00Z"),
    new Date("2027-04-05T07:00:00Z"),
  ]);
});

test("a series that ends has fewer dates", async () => {
  const due = new Date("2027-01-01T08:00:00Z");
  expect(await occurrencesAfter(scheduled("FREQ=DAILY;COUNT=3"), due, "UTC", 5)).toHaveLength(2);
});

test("COUNT counts from the first occurrence of the series", async () => {
  const due = new Date("2027-01-08T08:00:00Z");
  const dates = (number: number) => occurrencesAfter(scheduled("FREQ=DAILY;COUNT=10", number), due, "UTC", 5);
  expect(await dates(8)).toEqual([new Date("2027-01-09T08:00:00Z"), new Date("2027-01-10T08:00:00Z")]);
  expect(await dates(10)).toEqual([]);
  expect(
    await occurrencesAfter({ ...scheduled("FREQ=DAILY;COUNT=10", 9), mode: "completion" }, due, "UTC", 5),
  ).toHaveLength(1);
});

// The same cases as in docs/time.md and shared/recurrence.
test.each([
  ["FREQ=WEEKLY;INTERVAL=4;BYDAY=SU", "2026-11-25T10:00", ["2026-12-20T09:00", "2027-01-17T09:00"]],
  ["FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=28", "2026-11-25T10:00", ["2027-05-28T09:00", "2027-11-28T09:00"]],
  ["FREQ=YEARLY;INTERVAL=5;BYMONTH=12;BYMONTHDAY=1", "2026-11-25T10:00", ["2031-12-01T09:00"]],
  ["FREQ=DAILY;INTERVAL=90;BYHOUR=23", "2026-11-25T10:00", ["2027-02-23T23:00"]],
  ["FREQ=DAILY;BYHOUR=9,17", "2027-03-24T10:00", ["2027-03-25T09:00", "2027-03-26T09:00"]],
  ["FREQ=WEEKLY;INTERVAL=6", "2026-11-25T10:00", ["2027-01-06T09:00", "2027-02-17T09:00"]],
  ["FREQ=WEEKLY;BYDAY=MO,WE", "2027-03-23T10:00", ["2027-03-31T09:00"]],
  ["FREQ=MONTHLY", "2027-01-31T10:00", ["2027-02-28T09:00", "2027-03-28T09:00"]],
  ["FREQ=MONTHLY;BYHOUR=9,21", "2027-01-31T20:00", ["2027-02-28T21:00"]],
  ["FREQ=MONTHLY;INTERVAL=2", "2027-07-31T10:00", ["2027-09-30T09:00"]],
  ["FREQ=YEARLY", "2028-02-29T10:00", ["2029-02-28T09:00", "2030-02-28T09:00"]],
  ["FREQ=YEARLY;BYMONTH=2,11", "2027-01-31T10:00", ["2028-02-29T09:00"]],
  ["FREQ=DAILY;INTERVAL=9;UNTIL=20270401", "2027-03-24T10:00", []],
])("%s, completed at %s, is due at %j", async (rrule, completed, wanted) => {
  const zone = "America/New_York";
  const wall = (text: string) => instantOf(new Date(`${text}:00Z`), zone);
  vi.useFakeTimers({ now: wall(completed), toFake: ["Date"] });
  const series: Series = { rrule, mode: "completion", number: 1 };
  const dates = await occurrencesAfter(series, wall("2026-11-01T09:00"), zone, wanted.length || 1);
  expect(dates).toEqual(wanted.map(wall));
});
