import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useSlots } from "./use-slots";

function show(keys: string, by = "due", active: string | null = null) {
  const { result, rerender } = renderHook((props: Parameters<typeof useSlots>) => useSlots(...props), {
    initialProps: [[...keys], by, active],
  });
  return (...next: [keys: string, by?: string, active?: string | null]) => {
    const [k, b = "due", a = null] = next;
    rerender([[...k], b, a]);
    return [...result.current.values()].join(" ");
  };
}

test("while tasks change, each row stays in its slot, and a new row never takes that of another", () => {
  const then = show("abc");
  expect(then("bac")).toBe("1 0 2");
  expect(then("bdc")).toBe("1 3 2");
  expect(then("abdc")).toBe("4 1 3 2");
});

test("rows of another list take over the slots in their order", () => {
  const then = show("abc");
  expect(then("xyzw", "title")).toBe("0 1 2 3");
  expect(then("cba", "due")).toBe("0 1 2");
  expect(then("cbad", "due")).toBe("0 1 2 4");
});

test("the slot of the active row is not given to another, and the rows around it do not change places with it", () => {
  const then = show("abc", "due", "b");
  expect(then("xyz", "title", "b")).toBe("0 2 3");
  expect(then("xyz", "title", "y")).toBe("0 2 3");
  expect(then("cpyz", "due", "y")).toBe("0 4 2 3");
  expect(then("ydef", "title", "y")).toBe("2 3 5 6");
});

test("a row that was active leaves its slot in a list where it is not", () => {
  const then = show("abc", "due", "b");
  expect(then("abc", "title")).toBe("0 2 3");
});
