import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { makeLabel } from "@/testing/labels";
import { makeTask, mapOf } from "@/testing/tasks";
import { useLabelChoices } from "../components/picker/label-choices";
import { taskStore } from "../store";
import { labelStore, noLabels } from "./labels";
import { useLabelNames } from "./use-labels";

const at = "2026-12-01T12:00:00Z";
const done = makeTask({ project: "Done", completed: true, completed_at: at });
const old = makeTask({ project: "Old", tags: ["OLD"] });

function hold() {
  taskStore.snapshot = { tasks: mapOf(done, old), loaded: true, waiting: 0, unsaved: [], ops: [] };
  labelStore.replace({
    project: [
      makeLabel("Done"),
      makeLabel("Empty"),
      makeLabel("Old", { archived: true }),
      makeLabel("Older", { archived: true }),
    ],
    section: [],
    tag: [makeLabel("empty"), makeLabel("old", { archived: true })],
  });
}

afterEach(() => labelStore.replace(noLabels));

test("projects and tags without open tasks can be chosen, and archived ones only if they are already", () => {
  hold();
  const names = (...args: Parameters<typeof useLabelNames>) =>
    renderHook(() => useLabelNames(...args)).result.current;
  expect(names("project")).toEqual(["Done", "Empty"]);
  expect(names("project", ["Old", "Old", "empty"])).toEqual(["Done", "Empty", "Old"]);
  expect(names("tag")).toEqual(["empty"]);
});

test("the names are the same array until they change", () => {
  hold();
  const { result } = renderHook(() => useLabelNames("project"));
  const before = result.current;
  act(() => labelStore.put("project", makeLabel("Done", { color: "red", version: 2 })));
  expect(result.current).toBe(before);
  act(() => labelStore.put("project", makeLabel("New")));
  expect(result.current).toEqual(["Done", "Empty", "New"]);
});

test("a picker offers them, and shows what the tasks have", () => {
  hold();
  const choices = (kind: "project" | "tag") =>
    renderHook(() => useLabelChoices(kind, [old], "")).result.current.groups.flatMap(([, choices]) =>
      choices.map(({ label, checked }) => (checked ? `${label}*` : label)),
    );
  expect(choices("project")).toEqual(["Done", "Empty", "Old*", "No project"]);
  expect(choices("tag")).toEqual(["empty", "OLD*"]);
});
