import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { address } from "./address";

/** As Next does, with its own method in place of the browser's. */
const next = vi.fn();
let frame: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  address.left();
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

/** Next sets the browser's address to the one that it renders. */
function render(href: string) {
  History.prototype.replaceState.call(history, null, "", href);
  address.rendered(location.search.slice(1));
}

test("an address that Next renders late does not replace a newer one", () => {
  address.go("/?q=c", "replace");
  window.dispatchEvent(new Event("keydown"));
  address.go("/?q=cher", "replace");
  render("/?q=c");
  expect(address.get()).toBe("q=cher");
  expect(location.search).toBe("?q=cher");
  window.dispatchEvent(new Event("keydown"));
  expect(next.mock.lastCall).toEqual([null, "", location.href]);
  render("/?q=cher");
  expect(address.get()).toBeNull();
});

test("a component that renders again before Next has the address changes nothing", () => {
  render("/?view=all");
  address.go("/?q=c");
  address.rendered("view=all");
  expect(address.get()).toBe("q=c");
});

test("an address that was set otherwise, and another page, replace it", () => {
  address.go("/?q=c");
  render("/?view=today");
  expect(address.get()).toBeNull();
  render("/");
  address.go("/?view=all");
  window.dispatchEvent(new Event("click"));
  render("/settings");
  expect(address.get()).toBeNull();
});

test("Next is not told an address that the user went back from", async () => {
  address.go("/?q=c");
  address.left();
  frame();
  await vi.runAllTimersAsync();
  expect(next).not.toHaveBeenCalled();
});
