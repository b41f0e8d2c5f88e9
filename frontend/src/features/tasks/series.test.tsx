import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { destroy, patchMany } from "./actions";
import { patchTask } from "./changes";
import { SeriesQuestions } from "./components/series-questions";
import { taskStore } from "./store";
import { describeEvent } from "./view/describe-event";

const weekly = makeTask({
  id: "weekly",
  title: "Water the plants",
  due_at: "2026-12-07T08:00:00Z",
  recurrence: { rrule: "FREQ=WEEKLY;BYDAY=MO", mode: "schedule" },
});
const once = makeTask({ id: "once" });
const change = vi.fn<typeof taskStore.change>();

beforeEach(() => {
  change.mockReset();
  vi.spyOn(taskStore, "changeAll").mockImplementation((changes, how) =>
    changes.map((one) => change(one, how)),
  );
  taskStore.snapshot = { tasks: mapOf(weekly, once), loaded: true, waiting: 0, unsaved: [], ops: [] };
  render(<SeriesQuestions />);
});

const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));

test("an edit of an occurrence asks whether it is about this one only", async () => {
  patchTask("weekly", { title: "Water the palm" });
  expect(change).not.toHaveBeenCalled();
  await press("Only this one");
  expect(change.mock.lastCall?.[0]).toMatchObject({
    kind: "patch",
    patch: { title: "Water the palm" },
    scope: "this",
  });
  patchTask("weekly", { due_at: "2026-12-08T08:00:00Z" });
  await press("This and all later ones");
  expect(change.mock.lastCall?.[0]).toMatchObject({ scope: "following" });
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("nothing is changed when the question is closed", async () => {
  patchTask("weekly", { title: "Water the palm" });
  await press("Close");
  expect(change).not.toHaveBeenCalled();
});

test("what belongs to the series or to the list asks nothing", () => {
  patchTask("once", { title: "Another" });
  patchTask("weekly", { position: "a5" });
  patchTask("weekly", { recurrence: null });
  expect(change).toHaveBeenCalledTimes(3);
});

test("several tasks are asked about once", async () => {
  patchMany(["weekly", "once"], { priority: "high" }, "Priority changed");
  await press("Only this one");
  const { changes } = change.mock.lastCall?.[0] as { changes: { id: string; scope?: string }[] };
  expect(changes.map(({ id, scope }) => [id, scope])).toEqual([
    ["weekly", "this"],
    ["once", undefined],
  ]);
});

test("a deletion skips the occurrence or ends the series", async () => {
  destroy(["once"]);
  expect(change.mock.lastCall?.[0]).toEqual({ kind: "delete", id: "once" });
  destroy(["weekly"]);
  await press("Skip this one");
  expect(change.mock.lastCall?.[0]).toEqual({ kind: "skip", id: "weekly" });
  destroy(["weekly"]);
  await press("End the series");
  expect(change.mock.lastCall?.[0]).toEqual({ kind: "delete", id: "weekly", scope: "series" });
});

test("the history says what was skipped, and what was changed only once", () => {
  type Event = Parameters<typeof describeEvent>[0];
  const skipped = {
    deleted: { from: false, to: true },
    series: { from: null, to: { series: { skipped: true } } },
  };
  expect(
    describeEvent({ event_type: "task.deleted", changed_fields: skipped } as unknown as Event).what,
  ).toBe("Skipped");
  const alone = { title: { from: "a", to: "b" }, series: { from: null, to: { scope: "this" } } };
  expect(describeEvent({ event_type: "task.updated", changed_fields: alone } as unknown as Event).what).toBe(
    "Title changed, only this time",
  );
});
