import { renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useNow } from "@/lib/time/now";
import { describeDue, dueTime } from "./due";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("within a minute, an open page has the days and times of another zone", () => {
  vi.useFakeTimers({ now: new Date("2026-12-01T08:00:30Z") });
  const { result } = renderHook(useNow);
  const day = { due_at: null, due_date: "2026-12-02" };
  const moment = { due_at: "2026-12-01T17:00:00Z", due_date: null };
  expect(dueTime(day)).toBe(Date.parse("2026-12-01T23:00:00Z"));
  expect(describeDue(moment, result.current)).toMatch(/^Today.*6:00.PM$/);
  vi.stubEnv("TZ", "Asia/Tokyo");
  vi.advanceTimersByTime(60_000);
  expect(dueTime(day)).toBe(Date.parse("2026-12-01T15:00:00Z"));
  expect(describeDue(moment, result.current)).toMatch(/^Tomorrow.*2:00.AM$/);
});
