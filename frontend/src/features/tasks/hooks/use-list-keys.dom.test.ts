import { act, fireEvent, renderHook } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { useListKeys } from "./use-list-keys";
import { useSelection } from "./use-selection";

const ids = [..."abcdefghij"];
const nothing = () => {};

/** The selected rows of a list after each key. */
let selectedAfter: (...keys: string[]) => string;
let extendTo: (id: string) => void;

beforeEach(() => {
  const { result, rerender } = renderHook(() => {
    const selection = useSelection(ids, "list");
    useListKeys({
      ...{ ids, selection, sortable: false, isOpen: false, focusRow: selection.setActive },
      ...{ open: nothing, edit: nothing, move: nothing },
    });
    return selection;
  });
  selectedAfter = (...keys) => {
    for (const pressed of keys) {
      const [key = "", shift] = pressed.split("+").toReversed();
      fireEvent.keyDown(document.body, { key, shiftKey: shift === "Shift" });
    }
    rerender();
    return ids.filter((id) => result.current.selected.has(id)).join("");
  };
  extendTo = (id) => act(() => result.current.extendTo(id));
});

test("Shift and an arrow select the row that has the focus and the next one, whatever was selected before", () => {
  expect(selectedAfter("j", "End", "x")).toBe("j");
  expect(selectedAfter("Escape", "Home", "Shift+ArrowDown")).toBe("ab");
  expect(selectedAfter("Shift+ArrowDown")).toBe("abc");
  expect(selectedAfter("End", "x", "Home", "Shift+ArrowDown")).toBe("abcj");
});

test("a range begins at the last row that was toggled, but not at one of an earlier selection", () => {
  expect(selectedAfter("j", "End", "x", "Escape")).toBe("");
  extendTo("b");
  expect(selectedAfter()).toBe("b");
  extendTo("d");
  expect(selectedAfter()).toBe("bcd");
  expect(selectedAfter("Escape", "End", "x", "x")).toBe("");
  extendTo("c");
  expect(selectedAfter()).toBe("c");
});
