import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Direction, Tabs } from "radix-ui";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Calendar } from "./calendar";
import { formatDate } from "@/lib/time/days";

beforeEach(() => {
  document.documentElement.dir = "rtl";
});
afterEach(() => {
  document.documentElement.dir = "";
});

test("from right to left, the arrow keys of the calendar go to the day that they point at", () => {
  const day = new Date(2026, 10, 25);
  render(<Calendar value={day} now={day.getTime()} weekStart={1} onPick={vi.fn()} />);
  const focused = () => document.activeElement?.getAttribute("aria-label");
  screen.getByRole("button", { name: formatDate(day) }).focus();
  fireEvent.keyDown(document.activeElement!, { key: "ArrowLeft" });
  expect(focused()).toBe(formatDate(new Date(2026, 10, 26)));
  fireEvent.keyDown(document.activeElement!, { key: "ArrowRight" });
  fireEvent.keyDown(document.activeElement!, { key: "ArrowRight" });
  expect(focused()).toBe(formatDate(new Date(2026, 10, 24)));
  fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
  expect(focused()).toBe(formatDate(new Date(2026, 11, 1)));
});

test("from right to left, the next tab is at the left", async () => {
  render(
    <Direction.Provider dir="rtl">
      <Tabs.Root defaultValue="a">
        <Tabs.List>
          {["a", "b", "c"].map((name) => (
            <Tabs.Trigger key={name} value={name}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </Tabs.Root>
    </Direction.Provider>,
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole("tab", { name: "a" }));
  await user.keyboard("{ArrowLeft}");
  expect(screen.getByRole("tab", { name: "b" })).toHaveFocus();
  await user.keyboard("{ArrowRight}");
  expect(screen.getByRole("tab", { name: "a" })).toHaveFocus();
});
