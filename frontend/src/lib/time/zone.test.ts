import { expect, test } from "vitest";
import { instantOf, wallTime } from "./zone";

const zone = "Europe/Berlin";
const wall = (text: string) => new Date(`${text}Z`);

test.each([
  ["2026-07-01T07:00:00Z", "2026-07-01T09:00:00"],
  ["2026-12-01T08:00:00Z", "2026-12-01T09:00:00"],
])("%s is %s on the wall, and back", (instant, shown) => {
  expect(wallTime(new Date(instant), zone)).toEqual(wall(shown));
  expect(instantOf(wall(shown), zone)).toEqual(new Date(instant));
});

test("a time that the clocks skip is the one after it", () => {
  expect(instantOf(wall("2027-03-28T02:30:00"), zone)).toEqual(new Date("2027-03-28T01:30:00Z"));
});

test("of a time that comes twice it is the first", () => {
  expect(instantOf(wall("2026-10-25T02:30:00"), zone)).toEqual(new Date("2026-10-25T00:30:00Z"));
});

// The same cases as in shared/wallclock: clocks that go forward at midnight, and a skipped day.
test.each([
  ["America/Havana", "2027-03-14T00:00:00", "2027-03-14T05:00:00Z"],
  ["America/Havana", "2027-03-14T00:59:00", "2027-03-14T05:59:00Z"],
  ["Atlantic/Azores", "2027-03-28T00:30:00", "2027-03-28T01:30:00Z"],
  ["America/Santiago", "2027-09-05T00:00:00", "2027-09-05T04:00:00Z"],
  ["America/Santiago", "2027-04-03T23:30:00", "2027-04-04T02:30:00Z"],
  ["Australia/Lord_Howe", "2027-10-03T02:15:00", "2027-10-02T15:45:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T20:00:00Z"],
])("in %s, %s is %s", (name, shown, instant) => {
  expect(instantOf(wall(shown), name)).toEqual(new Date(instant));
});
