import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { destroy, patchMany } from "./actions";
import { patchTask } from "./changes";
import { Description } from "./components/panel/description";
import { SeriesQuestions } from "./components/series-questions";
import { taskStore } from "./store";
import { taskBindings } from "./task-bindings";
import { retryUnsaved } from "./unsaved";
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

test("when the question is closed nothing is changed, but what was typed is kept and asked about again", async () => {
  const keep = vi.spyOn(taskStore, "keep").mockImplementation(() => {});
  const discard = vi.spyOn(taskStore, "discard").mockImplementation(() => {});
  patchTask("weekly", { priority: "high" });
  await press("Close");
  expect(keep).not.toHaveBeenCalled();
  patchTask("weekly", { title: "Water the palm" });
  await press("Close");
  expect(change).not.toHaveBeenCalled();
  const [kept, reason] = keep.mock.lastCall!;
  expect(kept).toMatchObject({ kind: "patch", id: "weekly", patch: { title: "Water the palm" } });

  const unsaved = { op: { key: "k", at: 0, change: kept, version: null }, status: 422, reason, title: null };
  retryUnsaved(unsaved);
  await press("Close");
  expect(change).not.toHaveBeenCalled();
  expect(discard).not.toHaveBeenCalled();
  retryUnsaved(unsaved);
  await press("Only this one");
  expect(change.mock.lastCall?.[0]).toEqual({ ...kept, scope: "this" });
  expect(discard).toHaveBeenCalledWith(unsaved);
});

test("the browser asks before a description that repeats is left unsaved", async () => {
  const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  vi.spyOn(taskStore, "keep").mockImplementation(() => {});
  const { unmount } = render(<Description task={weekly} />);
  expect(asks()).toBe(false);
  await userEvent.type(screen.getByRole("textbox", { name: "Description" }), "Twice in summer");
  expect(asks()).toBe(true);
  unmount();
  expect(asks()).toBe(false);
  await press("Close");
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
  const later = { series: { from: null, to: { series: { differs: { project: "House" } } } } };
  expect(describeEvent({ event_type: "task.updated", changed_fields: later } as unknown as Event).what).toBe(
    "Changed what later occurrences have",
  );
});

test("nothing is said to be done, and the selection stays, until the question is answered", async () => {
  const done = vi.fn();
  patchMany(["weekly", "once"], { priority: "high" }, "Priority changed", done);
  await press("Close");
  destroy(["weekly", "once"], done);
  await press("Close");
  taskBindings(["weekly"], { leaves: done, gone: done })
    .find(({ command }) => command === "delete")
    ?.run();
  await press("Close");
  expect(change).not.toHaveBeenCalled();
  expect(done).not.toHaveBeenCalled();

  patchMany(["weekly", "once"], { priority: "high" }, "Priority changed", done);
  await press("Only this one");
  expect(done).toHaveBeenCalledTimes(1);
  destroy(["weekly", "once"], done);
  await press("Skip this one");
  expect(done).toHaveBeenCalledTimes(2);
});
