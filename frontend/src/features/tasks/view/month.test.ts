import { expect, test } from "vitest";
import { inMonths, monthDays } from "./month";

const days = (month: Date, weekStart: number) => monthDays(month, weekStart).map((d) => d.getDate());

test("a month is shown in whole weeks that begin where the user's do", () => {
  const november = new Date(2026, 10, 24);
  expect(days(november, 1)).toEqual([
    ...[26, 27, 28, 29, 30, 31],
    ...Array.from({ length: 30 }, (_, i) => i + 1),
    ...[1, 2, 3, 4, 5, 6],
  ]);
  expect(days(november, 0)).toEqual([...Array.from({ length: 30 }, (_, i) => i + 1), 1, 2, 3, 4, 5]);
  expect(monthDays(new Date(2026, 2, 1), 1).every((d) => d.getHours() === 0)).toBe(true);
});

test("a month that is shorter ends sooner", () => {
  expect(inMonths(new Date(2026, 0, 31), 1)).toEqual(new Date(2026, 1, 28));
  expect(inMonths(new Date(2026, 0, 15), -1)).toEqual(new Date(2025, 11, 15));
});
