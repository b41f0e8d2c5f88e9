import { afterEach, expect, test, vi } from "vitest";
import { watchTouch } from "./touch";

const acts = { selecting: vi.fn(() => false), toggle: vi.fn(), swiped: vi.fn() };
let stop = () => {};

afterEach(() => {
  stop();
  document.body.replaceChildren();
  vi.clearAllMocks();
});

/** A list of one row with a checkbox, and what a finger does to that. */
function show(task: string) {
  document.body.innerHTML = `<div><div data-task="${task}"><input type="checkbox"></div></div>`;
  const list = document.body.firstElementChild as HTMLElement;
  const box = list.querySelector("input")!;
  stop = watchTouch(list, acts);
  const touch = (type: string) => {
    const event = new MouseEvent(type, { bubbles: true, cancelable: true });
    box.dispatchEvent(Object.assign(event, { pointerType: "touch", isPrimary: true }));
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
