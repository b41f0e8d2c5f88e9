import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useAddressText } from "./use-address-text";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const meant = (text: string) => text.trim();

test("what is typed while the address follows is not taken back by its echo; navigation replaces it", () => {
  const tell = vi.fn();
  const { result, rerender } = renderHook(
    ({ held }: { held: string }) => useAddressText({ held, meant, tell, pause: 100 }),
    { initialProps: { held: "" } },
  );
  const type = (text: string) => act(() => result.current[1](text));
  const pass = () => act(() => vi.advanceTimersByTime(100));
  type("#w");
  pass();
  expect(tell).toHaveBeenLastCalledWith("#w");
  type("#Work ");
  pass();
  expect(tell).toHaveBeenLastCalledWith("#Work");
  for (const held of ["#w", "#Work"]) {
    rerender({ held });
    expect(result.current[0]).toBe("#Work ");
  }
  rerender({ held: "@phone" });
  expect(result.current[0]).toBe("@phone");
  pass();
  expect(tell).toHaveBeenCalledTimes(2);
});
