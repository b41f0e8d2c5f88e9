import { expect, test, vi } from "vitest";
import { inOtherZone } from "./other-zone";

vi.mock("@/lib/time/zone", () => ({ localZone: () => "Europe/Berlin" }));

test("a due time is said in the task's zone, with the day where it is another one", () => {
  const due_at = "2026-11-30T14:00:00Z";
  expect(inOtherZone({ due_at, timezone: "Europe/Berlin" })).toBeNull();
  expect(inOtherZone({ due_at, timezone: null })).toBeNull();
  expect(inOtherZone({ due_at: null, timezone: "Asia/Tokyo" })).toBeNull();
  expect(inOtherZone({ due_at, timezone: "America/New_York" })).toBe("9:00 AM in New York");
  expect(inOtherZone({ due_at: "2026-11-30T20:00:00Z", timezone: "Asia/Tokyo" })).toMatch(
    /^Tue,? .*in Tokyo$/,
  );
  expect(inOtherZone({ due_at, timezone: "Moon/Sea_of_Rains" })).toBe("In the time zone Moon/Sea_of_Rains");
});
