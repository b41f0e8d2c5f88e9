import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { makeTask, mapOf } from "@/testing/tasks";
import { taskStore } from "../../store";
import type { Task } from "../../task";
import { OverdueField } from "./overdue-field";
import { RemindersField } from "./reminders-field";

const change = vi.fn<typeof taskStore.change>();

beforeEach(() => {
  change.mockReset();
  vi.spyOn(taskStore, "change").mockImplementation(change);
});

afterEach(() => void vi.useRealTimers());

function show(fields: Partial<Task>) {
  const task = makeTask({ due_at: "2026-12-07T08:00:00Z", ...fields });
  taskStore.snapshot = { tasks: mapOf(task), loaded: true, waiting: 0, unsaved: [], ops: [] };
  return renderSignedIn(
    <>
      <RemindersField task={task} />
      <OverdueField task={task} />
    </>,
  ).user;
}

const patched = () => (change.mock.lastCall?.[0] as { patch: unknown } | undefined)?.patch;

test("a reminder on a day and time, with the keyboard, also without a due date", async () => {
  const user = show({ due_at: null });
  screen.getByRole("button", { name: "Remind: No reminders" }).focus();
  await user.keyboard("{Enter}");
  await screen.findByRole("menu");
  expect(screen.queryByRole("menuitem", { name: "1 hour before" })).toBeNull();
  await user.keyboard("{Enter}");
  const input = await screen.findByLabelText("Remind on");
  await vi.waitFor(() => expect(input).toHaveFocus());
  fireEvent.change(input, { target: { value: "2099-06-30T18:45" } });
  await user.keyboard("{Enter}");
  const at = new Date("2099-06-30T18:45").toISOString().replace(".000", "");
  expect(patched()).toEqual({ reminders: [{ at }] });
  expect(screen.queryByLabelText("Remind on")).toBeNull();
  expect(screen.getByRole("button", { name: "Remind: No reminders" })).toHaveFocus();
});

test("the form does not take the focus from where the user has gone since it was asked for", async () => {
  const user = show({});
  await user.click(screen.getByRole("button", { name: "Remind: As in your settings" }));
  const item = await screen.findByRole("menuitem", { name: "On a day and time…" });
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  fireEvent.click(item);
  const other = screen.getByRole("button", { name: "When overdue: As in your settings" });
  other.focus();
  act(() => void vi.runAllTimers());
  expect(screen.getByLabelText("Remind on")).toBeVisible();
  expect(other).toHaveFocus();
});

test("Escape closes the form and changes nothing", async () => {
  const user = show({});
  await user.click(screen.getByRole("button", { name: "Remind: As in your settings" }));
  await user.click(await screen.findByRole("menuitem", { name: "On a day and time…" }));
  await user.keyboard("{Escape}");
  expect(screen.queryByLabelText("Remind on")).toBeNull();
  expect(change).not.toHaveBeenCalled();
});

test("no reminders for this task, or those of the settings", async () => {
  const user = show({ reminders: ["PT1H"] });
  await user.click(screen.getByRole("button", { name: "Add a reminder" }));
  await user.click(await screen.findByRole("menuitem", { name: "None for this task" }));
  expect(patched()).toEqual({ reminders: [] });
  await user.click(screen.getByRole("button", { name: "Add a reminder" }));
  await user.click(await screen.findByRole("menuitem", { name: "As in your settings" }));
  expect(patched()).toEqual({ reminders: null });
});

test.each([
  [null, "As in your settings", "Never remind", false],
  [false, "Never remind", "Remind every day", true],
  [true, "Remind every day", "As in your settings", null],
])("overdue reminders: from %s, %s, to %s", async (overdue_reminders, now, next, want) => {
  const user = show({ overdue_reminders });
  await user.click(screen.getByRole("button", { name: `When overdue: ${now}` }));
  expect(await screen.findByRole("menuitemradio", { name: now })).toBeChecked();
  await user.click(screen.getByRole("menuitemradio", { name: next }));
  expect(patched()).toEqual({ overdue_reminders: want });
});
