import { beforeEach, expect, test } from "vitest";
import { makeLabel } from "@/testing/labels";
import type { Task } from "../task";
import { type Label, labelStore, noLabels } from "./labels";
import { relabeled } from "./relabel";
import { itemsOf } from "./use-labels";

const task = { id: "1", version: 3, project: "Home", tags: ["a", "b", "c"] } as Task;
const at = "2026-12-01T12:00:00Z";

test.each([
  ["project", "Home", "House", { project: "House" }],
  ["project", "Home", null, { project: null }],
  ["tag", "b", "x", { tags: ["a", "x", "c"] }],
  ["tag", "b", null, { tags: ["a", "c"] }],
  ["tag", null, "x", { tags: ["a", "b", "c", "x"] }],
] as const)("a task whose %s %s becomes %s", (kind, from, to, want) => {
  expect(relabeled(task, kind, { from, to }, at)).toEqual({ ...task, ...want, version: 4, updated_at: at });
});

test.each([
  ["project", "Work", "Home"],
  ["project", null, "Home"],
  ["tag", "x", "y"],
  ["tag", null, "a"],
] as const)("a task that is not as a relabel found it is newer: %s, %s to %s", (kind, from, to) => {
  expect(relabeled(task, kind, { from, to }, at)).toBeNull();
});

const label = (name: string, position: string, change: Partial<Label> = {}) =>
  makeLabel(name, { position, ...change });

beforeEach(() => labelStore.replace(noLabels));

test("labels are in their order, and an older version does not replace a newer one", () => {
  labelStore.put("project", label("second", "b"));
  labelStore.put("project", label("first", "a"));
  labelStore.put("project", label("second", "c", { version: 3 }));
  labelStore.put("project", label("second", "Z", { version: 2 }));
  expect(labelStore.labels.project.map(({ name, position }) => name + position)).toEqual([
    "firsta",
    "secondc",
  ]);
  labelStore.drop("project", "first");
  expect(labelStore.labels.project).toHaveLength(1);
});

test("a list has what is not archived, then the names that only tasks of this browser have", () => {
  const labels = [label("Work", "a"), label("Old", "b", { archived: true }), label("Empty", "c")];
  const counted: [string, number][] = [
    ["new", 1],
    ["Old", 2],
    ["WORK", 3],
  ];
  expect(itemsOf(labels, counted).map(({ name, count, label }) => [name, count, !!label])).toEqual([
    ["Work", 3, true],
    ["Empty", 0, true],
    ["new", 1, false],
  ]);
});
