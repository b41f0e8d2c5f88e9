import { expect, test } from "vitest";
import { makeTask } from "@/testing/tasks";
import { patchOf } from "./changes";

const task = makeTask({ project: "Home", section: "Kitchen", tags: ["Café", "urgent"] });

test("another spelling of a name that a task has changes nothing", () => {
  expect(patchOf(task, { project: "home" })).toBeNull();
  expect(patchOf(task, { project: "HOME", section: "kitchen" })).toBeNull();
  expect(patchOf(task, { tags: ["Café", "urgent", "cafe"] })).toBeNull();
  expect(patchOf(task, { tags: ["cafe", "urgent", "new", "new"] })?.patch).toEqual({
    tags: ["Café", "urgent", "new"],
  });
  expect(patchOf(task, { tags: ["urgent"] })?.patch).toEqual({ tags: ["urgent"] });
});

test("a task that leaves its project leaves its section, also for one of the same name", () => {
  expect(patchOf(task, { project: "Work" })?.patch).toEqual({ project: "Work", section: null });
  expect(patchOf(task, { project: "Work", section: "Kitchen" })?.patch).toEqual({
    project: "Work",
    section: "Kitchen",
  });
  expect(patchOf(makeTask(), { project: null })).toBeNull();
});
