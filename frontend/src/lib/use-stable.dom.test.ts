import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useStable } from "./use-stable";

test("a value stays the same object until its JSON changes", () => {
  const first = { names: ["Home"], day: new Date(0) };
  const { result, rerender } = renderHook(useStable<typeof first>, { initialProps: first });
  act(() => rerender({ names: ["Home"], day: new Date(0) }));
  expect(result.current).toBe(first);
  const next = { names: ["Home", "Work"], day: new Date(0) };
  act(() => rerender(next));
  expect(result.current).toBe(next);
  act(() => rerender({ ...first }));
  expect(result.current).toEqual(first);
});
