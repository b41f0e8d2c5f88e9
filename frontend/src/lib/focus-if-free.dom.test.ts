import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { focusIfFree, useAskedFrom } from "./focus-if-free";

beforeEach(() => {
  document.body.innerHTML = "<button>Row</button><input><aside tabindex=-1></aside>";
});
afterEach(() => void (document.body.innerHTML = ""));

const find = (selector: string) => document.querySelector<HTMLElement>(selector)!;

test("what comes later than it was asked for gets the focus, unless the user has moved it since", () => {
  find("button").focus();
  const { result, rerender } = renderHook(({ open }) => useAskedFrom(open), { initialProps: { open: "" } });
  rerender({ open: "a" });
  expect(result.current).toBe(find("button"));

  find("input").focus();
  rerender({ open: "a" });
  focusIfFree(find("aside"), result.current);
  expect(find("input")).toHaveFocus();

  find("button").focus();
  focusIfFree(find("aside"), result.current);
  expect(find("aside")).toHaveFocus();
});

test("what comes later gets the focus if what had it is gone", () => {
  find("button").focus();
  const from = document.activeElement;
  from?.remove();
  focusIfFree(find("aside"), from);
  expect(find("aside")).toHaveFocus();
});
