import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useLate } from "./use-late";

let frames: (() => void)[];

beforeEach(() => {
  frames = [];
  vi.useFakeTimers();
  vi.spyOn(document, "hidden", "get").mockReturnValue(false);
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const paint = () =>
  act(async () => {
    for (const run of frames.splice(0)) run();
    await vi.runAllTimersAsync();
  });

test("a value is the last one that was there when the page was painted", async () => {
  const { result, rerender } = renderHook(useLate<string>, { initialProps: "a" });
  await paint();
  rerender("b");
  rerender("c");
  await act(() => vi.runAllTimersAsync());
  expect(result.current).toBe("a");
  await paint();
  expect(result.current).toBe("c");
});

test("all who wait for a paint wait for the same one, and who comes while it is made, for the next", async () => {
  const first = renderHook(() => useLate(true, false));
  const second = renderHook(() => useLate(true, false));
  expect(frames).toHaveLength(1);
  frames.shift()?.();
  const third = renderHook(() => useLate(true, false));
  await act(() => vi.runAllTimersAsync());
  expect([first, second, third].map(({ result }) => result.current)).toEqual([true, true, false]);
  await paint();
  expect(third.result.current).toBe(true);
});

test("in a page that cannot be seen there is no paint to wait for", async () => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const { result } = renderHook(() => useLate(true, false));
  await act(() => vi.runAllTimersAsync());
  expect(result.current).toBe(true);
  expect(frames).toHaveLength(0);
});
