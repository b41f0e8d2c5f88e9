import { expect, test } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { gapWithinGroup, moved } from "./move";
import { arrange } from "./view/arrange";
import { type Group, plainQuery } from "./view/query";

const tasks = mapOf(
  makeTask({ id: "a", position: "a2", priority: "high" }),
  makeTask({ id: "b", position: "a3", priority: "high" }),
  makeTask({ id: "c", position: "a0", priority: "low" }),
  makeTask({ id: "d", position: "a1", priority: "low" }),
);
const now = Date.now();
const rowsBy = (group: Group | null) => arrange(tasks, { ...plainQuery, group }, { now, weekStart: 1 }).rows;
const keys = (group: Group | null) => rowsBy(group).map(({ key }) => key);

test("a moved task comes between its new neighbors", () => {
  const rows = rowsBy(null);
  expect(keys(null)).toEqual(["c", "d", "a", "b"]);
  const to = (id: string, gap: number) => moved(rows, id, gap);
  expect(to("b", 1)).toMatchObject({ place: 2 });
  expect(to("b", 1)!.position > "a0" && to("b", 1)!.position < "a1").toBe(true);
  expect(to("b", 0)!.position < "a0").toBe(true);
  expect(to("c", 4)!.position > "a3").toBe(true);
  expect(to("c", 4)!.place).toBe(4);
  expect(to("d", 1)).toBeNull();
  expect(to("d", 2)).toBeNull();
});

test("below headings a task is moved among those of its group", () => {
  const rows = rowsBy("priority");
  expect(keys("priority")).toEqual(["priority-high", "a", "b", "priority-low", "c", "d"]);
  // Those of the group before come later in the manual order.
  expect(moved(rows, "d", 4)).toMatchObject({ place: 3 });
  expect(moved(rows, "d", 4)!.position < "a0").toBe(true);
  expect(moved(rows, "a", 3)).toMatchObject({ place: 2 });
  expect(moved(rows, "a", 3)!.position > "a3").toBe(true);
  expect(moved(rows, "b", 1)).toMatchObject({ place: 1 });
});

test("beyond its group a task comes first or last in it", () => {
  const rows = rowsBy("priority");
  const gaps = rows.map((_, gap) => gapWithinGroup(rows, "d", gap));
  expect(gaps).toEqual([4, 4, 4, 4, 4, 5]);
  expect(moved(rows, "d", 0)).toEqual(moved(rows, "d", 4));
  expect(moved(rows, "a", 6)).toEqual(moved(rows, "a", 3));
  expect(moved(rows, "b", 6)).toBeNull();
  expect(moved(rows, "c", 2)).toBeNull();
});
