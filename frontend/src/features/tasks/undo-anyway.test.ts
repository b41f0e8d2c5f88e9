import { beforeEach, expect, test, vi } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { effectsOf, reversed } from "./outbox/effects";
import type { Change } from "./outbox/op";
import type { EditScope } from "./series-question";
import { seriesQuestions } from "./series-question";
import { taskStore } from "./store";
import { undoAnyway } from "./undo-anyway";

const recurrence = { rrule: "FREQ=WEEKLY", mode: "schedule" } as const;
const tasks = mapOf(makeTask({ id: "weekly", title: "Theirs", recurrence }));
const changes: Change[] = [];

beforeEach(() => {
  changes.splice(0);
  taskStore.snapshot = { ...taskStore.snapshot, tasks };
  vi.spyOn(taskStore, "changeAll").mockImplementation((all) => {
    changes.push(...all);
    return [];
  });
});

/** The effects of undoing an edit of the title. */
const undone = (scope?: EditScope) =>
  reversed(
    effectsOf(
      {
        ...{ kind: "patch", id: "weekly", patch: { title: "Mine" }, before: { title: "Old" } },
        ...(scope && { scope }),
      },
      tasks,
    ),
  );

test.each(["this", "following"] as const)("an edit of %s is undone for the same occurrences", (scope) => {
  undoAnyway(undone(scope));
  expect(changes).toMatchObject([{ kind: "patch", id: "weekly", patch: { title: "Old" }, scope }]);
});

test("if it is not known which occurrences an edit was about, the user is asked", () => {
  undoAnyway(undone());
  expect(changes).toEqual([]);
  seriesQuestions.getSnapshot()?.answer("this" as never);
  expect(changes).toMatchObject([{ patch: { title: "Old" }, scope: "this" }]);
});
