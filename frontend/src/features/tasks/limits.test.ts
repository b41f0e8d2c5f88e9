import { expect, test } from "vitest";
import { overLimit } from "./limits";

test("limits count characters as the server does", () => {
  expect(overLimit({ title: "👍".repeat(500) })).toBeNull();
  expect(overLimit({ title: "👍".repeat(501) })).toMatch(/up to 500 characters; this one has 501/);
  expect(overLimit({ description: "x".repeat(20_001) })).toMatch(/^A description/);
  expect(overLimit({ project: "x".repeat(101) })).toMatch(/^A project/);
  expect(overLimit({ tags: ["ok", "x".repeat(51)] })).toMatch(/^A tag/);
  expect(overLimit({ tags: Array.from({ length: 51 }, (_, i) => `t${i}`) })).toBe(
    "A task can have up to 50 tags.",
  );
  expect(overLimit({ priority: "high" })).toBeNull();
});
