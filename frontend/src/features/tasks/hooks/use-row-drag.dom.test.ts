import { act, fireEvent, renderHook } from "@testing-library/react";
import type { PointerEvent } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { useRowDrag } from "./use-row-drag";

afterEach(() => {
  document.documentElement.dir = "";
});

test.each([
  ["ltr", 50],
  ["rtl", 950],
])("a row that is let go over the sidebar stays where it was: %s", (dir, sidebar) => {
  document.documentElement.dir = dir;
  document.elementFromPoint = () => null;
  const list = document.createElement("div");
  vi.spyOn(list, "getBoundingClientRect").mockReturnValue(new DOMRect(100, 0, 800, 600));
  const onDrop = vi.fn();
  const { result, unmount } = renderHook(() =>
    useRowDrag({ scroller: { current: list }, list: "all", gapAt: () => 2, onDrop, onDropInto: vi.fn() }),
  );
  const drag = (clientX: number) => {
    act(() => result.current.grab("a", new MouseEvent("pointerdown") as unknown as PointerEvent));
    fireEvent(window, new MouseEvent("pointermove", { clientX, clientY: 300 }));
    fireEvent(window, new MouseEvent("pointerup", { clientX, clientY: 300 }));
  };
  drag(sidebar);
  expect(onDrop).not.toHaveBeenCalled();
  drag(500);
  expect(onDrop.mock.calls).toEqual([["a", 2]]);
  unmount();
});
