import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useGrowing } from "./use-growing";

const grow = (total: number) => {
  const seen: number[] = [];
  const hook = renderHook((total: number) => void seen.push(useGrowing(total)), { initialProps: total });
  return { ...hook, seen };
};

test("a short text is shown at once", () => {
  expect(grow(200).seen).toEqual([200]);
});

test("a long one is shown bit by bit, and no further than its end", () => {
  expect(grow(1000).seen).toEqual([200, 700, 1200]);
});

test("what is shown of a text stays when it gets shorter, and grows with it", () => {
  const { seen, rerender } = grow(600);
  rerender(20);
  rerender(900);
  expect(seen).toEqual([200, 700, 700, 700, 1200]);
});
