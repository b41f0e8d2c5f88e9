import { expect, test, vi } from "vitest";
import { uuidv7 } from "./uuid";

test("an id has the time in front, the version and the variant", () => {
  vi.setSystemTime("2026-11-26T04:00:00.123Z");
  const id = uuidv7();
  vi.useRealTimers();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Date.parse("2026-11-26T04:00:00.123Z"));
  expect(new Set(Array.from({ length: 1000 }, uuidv7)).size).toBe(1000);
});
