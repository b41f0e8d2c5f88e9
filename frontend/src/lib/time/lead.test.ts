import { expect, test } from "vitest";
import { describeLead } from "./lead";

test.each([
  ["PT0S", "When it is due"],
  ["PT1H", "1 hour before"],
  ["PT1.5H", "1.5 hours before"],
  ["P0.5D", "0.5 days before"],
  ["P1Y2M3W4DT5H6M7S", "1 year, 2 months, 3 weeks, 4 days, 5 hours, 6 minutes, and 7 seconds before"],
])("%s is %s", (duration, words) => {
  expect(describeLead(duration)).toBe(words);
});
