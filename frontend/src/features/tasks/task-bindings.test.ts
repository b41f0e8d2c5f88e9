import { beforeEach, expect, test, vi } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import type { CommandId } from "@/lib/keys/commands";
import type { Change } from "./outbox/op";
import { taskStore } from "./store";
import { taskBindings } from "./task-bindings";

const changes = vi.fn<(changes: readonly Change[]) => void>();
const tasks = mapOf(
  makeTask({ id: "done", completed: true }),
  makeTask({ id: "done too", completed: true }),
  makeTask({ id: "open" }),
  makeTask({ id: "weekly", recurrence: { rrule: "FREQ=WEEKLY", mode: "schedule" } }),
);

beforeEach(() => {
  changes.mockReset();
  taskStore.snapshot = { ...taskStore.snapshot, tasks };
  vi.spyOn(taskStore, "changeAll").mockImplementation((all) => {
    changes(all);
    return [];
  });
});

const run = (command: CommandId, ids: string[], options: Parameters<typeof taskBindings>[1] = {}) =>
  taskBindings(ids, options)
    .find((binding) => binding.command === command)
    ?.run();

test("tasks of which some are open are completed, in whatever order they were selected; completed ones are reopened", () => {
  for (const ids of [
    ["done", "open"],
    ["open", "done"],
  ]) {
    run("complete", ids);
    expect(changes.mock.lastCall).toEqual([[{ kind: "complete", id: "open", completed: true }]]);
  }
  run("complete", ["done", "done too"]);
  expect(changes.mock.lastCall?.[0]).toMatchObject([
    { changes: [{ completed: false }, { completed: false }] },
  ]);
});
