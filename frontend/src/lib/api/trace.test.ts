import { expect, test } from "vitest";
import { newTraceparent } from "./trace";

test("a traceparent is valid and each starts another trace", () => {
  const made = new Set(Array.from({ length: 100 }, newTraceparent));
  expect(made.size).toBe(100);
  for (const one of made) expect(one).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});
