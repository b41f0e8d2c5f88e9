import { afterEach, expect, test, vi } from "vitest";
import { watchTouch } from "./touch";

const isCompleted = (id: string) => id === "done";
const acts = { selecting: vi.fn(() => false), toggle: vi.fn(), isCompleted, swiped: vi.fn() };
let stop = () => {};

afterEach(() => {
  stop();
  document.body.replaceChildren();
  vi.clearAllMocks();
});

/** A list of one row with a checkbox, and what a finger does to that or to another element. */
function show(task: string) {
  document.body.innerHTML = `<div><div data-task="${task}"><input type="checkbox"></div></div>`;
  const list = document.body.firstElementChild as HTMLElement;
  const box = list.querySelector("input")!;
  stop = watchTouch(list, acts);
  const touch = (type: string, clientX = 0, on: HTMLElement = box) => {
    const event = new MouseEvent(type, { bubbles: true, cancelable: true, clientX });
    on.dispatchEvent(Object.assign(event, { pointerType: "touch", isPrimary: true }));
  };
  return { row: list.querySelector<HTMLElement>("[data-task]")!, box, touch };
}

test("a tap ticks a checkbox, but not that of a task which took the row over meanwhile", () => {
  const { row, box, touch } = show("a");
  touch("pointerdown");
  touch("click");
  expect(box.checked).toBe(true);
  touch("pointerdown");
  row.dataset.task = "b";
  touch("click");
  expect(box.checked).toBe(true);
});

test("while tasks are selected a tap selects, but only the task that was touched", () => {
  acts.selecting.mockReturnValue(true);
  const { row, box, touch } = show("a");
  touch("pointerdown");
  touch("click");
  touch("pointerdown");
  row.dataset.task = "b";
  touch("click");
  expect(acts.toggle.mock.calls).toEqual([["a"]]);
  expect(box.checked).toBe(false);
});

test.each([
  ["open", "Complete"],
  ["done", "Reopen"],
])("a swipe to the right says what it does: the task is %s", (task, says) => {
  HTMLElement.prototype.setPointerCapture ??= () => {};
  acts.selecting.mockReturnValue(false);
  const { row, touch } = show(task);
  touch("pointerdown", 0, row);
  touch("pointermove", 40, row);
  expect({ ...row.parentElement!.dataset }).toEqual({ swipe: "to-complete", says });
  touch("pointermove", 100, row);
  expect({ ...row.parentElement!.dataset }).toEqual({ swipe: "complete", says });
  touch("pointerup", 100, row);
  expect(acts.swiped.mock.calls).toEqual([[task, "complete"]]);
});
