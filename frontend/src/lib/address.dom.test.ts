import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { address } from "./address";

/** As Next does, with its own method in place of the browser's. */
const next = vi.fn();
let frame: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState(null, "", "/");
  history.replaceState = next;
  vi.spyOn(document, "hidden", "get").mockReturnValue(false);
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => (frame = run));
});

afterEach(() => {
  Reflect.deleteProperty(history, "replaceState");
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  next.mockReset();
});

test("an address counts at once, and Next hears of it once, after the frame", async () => {
  address.go("/?view=all");
  address.go("/?view=all&sort=title");
  expect(location.search).toBe("?view=all&sort=title");
  expect(address.get()).toBe("view=all&sort=title");
  expect(next).not.toHaveBeenCalled();
  frame();
  await vi.runAllTimersAsync();
  window.dispatchEvent(new Event("keydown"));
  expect(next.mock.calls).toEqual([[null, "", location.href]]);
});

test("Next hears of an address before what the user does next, which may lead to another page", () => {
  address.go("/?tag=errand");
  window.dispatchEvent(new Event("keydown"));
  expect(next.mock.calls).toEqual([[null, "", location.href]]);
});
