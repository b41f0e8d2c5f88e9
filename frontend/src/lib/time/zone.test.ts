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
