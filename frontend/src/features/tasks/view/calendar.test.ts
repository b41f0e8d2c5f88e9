import { expect, test } from "vitest";
import { makeTask } from "@/testing/tasks";
import { daysOf, plan } from "./calendar";
import { dateOf } from "./due";

test("a week begins where the user's do, also in the week in which the clocks change", () => {
  const sunday = new Date(2026, 9, 25);
  expect(daysOf("week", sunday, 1).map(dateOf)).toEqual([
    ...["2026-10-19", "2026-10-20", "2026-10-21", "2026-10-22", "2026-10-23", "2026-10-24", "2026-10-25"],
  ]);
  expect(dateOf(daysOf("week", sunday, 0)[0]!)).toBe("2026-10-25");
  expect(daysOf("month", sunday, 1)).toHaveLength(35);
});

test("a task is on the day on which it is due here, and those of the whole day are first", () => {
  const task = (title: string, due: object) => makeTask({ title, ...due });
  const { days, unscheduled } = plan([
    task("evening", { due_at: "2026-11-24T19:00:00Z" }),
    task("night", { due_at: "2026-11-24T23:30:00Z" }),
    task("day", { due_date: "2026-11-24" }),
    task("never", {}),
  ]);
  const titles = (date: string) => days.get(date)?.map(({ title }) => title);
  expect(titles("2026-11-24")).toEqual(["day", "evening"]);
  expect(titles("2026-11-25")).toEqual(["night"]);
  expect(unscheduled.map(({ title }) => title)).toEqual(["never"]);
});
