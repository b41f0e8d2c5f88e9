import { expect, test } from "vitest";
import { destination, keepDestination } from "./destination";

const origin = "https://taskwire.example";
const after = (next: string) => destination(`?next=${encodeURIComponent(next)}`, origin);

test("a page of this app is kept with its query and fragment", () => {
  expect(after("/?view=upcoming&task=1#x")).toBe("/?view=upcoming&task=1#x");
  expect(after("/settings/tokens")).toBe("/settings/tokens");
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r\\evil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "settings",
  "",
])("%j leads to the first page", (next) => {
  expect(after(next)).toBe("/");
});

test("the other form keeps a destination that is safe", () => {
  expect(keepDestination("/sign-up", "", origin)).toBe("/sign-up");
  expect(keepDestination("/sign-in", "?next=%2Ftrash", origin)).toBe("/sign-in?next=%2Ftrash");
  expect(keepDestination("/sign-in", "?next=%2F%2Fevil.example", origin)).toBe("/sign-in");
});
