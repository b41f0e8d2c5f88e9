import { expect, test } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import type { Label } from "../labels/labels";
import { arrange } from "./arrange";
import { plainQuery } from "./query";
import type { Row } from "./rows";
import { gapBy, placeAt } from "./section-rows";

const section = (name: string) => ({ id: name, name }) as Label;
const list = [section("Kitchen"), section("Bath"), section("Empty")];
const home = (title: string, position: string, section: string | null) =>
  makeTask({ id: title, title, project: "Home", position, section });
const tasks = mapOf(
  home("c", "c", "kitchen"),
  home("a", "a", "Kitchen"),
  home("b", "b", null),
  home("d", "d", "Bath"),
  home("e", "e", "gone"),
  makeTask({ title: "elsewhere", project: "Work", section: "Kitchen" }),
);
const query = { ...plainQuery, project: "Home", group: "section" as const };
const shown = (collapsed: string[] = []) =>
  arrange(tasks, query, { now: Date.now(), weekStart: 1 }, { list, collapsed });
const said = (rows: readonly Row[]) =>
  rows.map((row) => (row.kind === "section" ? `# ${row.section.name} ${row.count}` : row.key)).join(", ");

test("a project's list has its sections in their order, also empty ones; tasks without one come first", () => {
  const { rows, ids } = shown();
  expect(said(rows)).toBe(
    "b, e, # Kitchen 2, a, c, section-Kitchen-add, # Bath 1, d, section-Bath-add, # Empty 0, section-Empty-add, add-section",
  );
  expect(ids.join("")).toBe("beacd");
});

test("of a collapsed section only the heading is left", () => {
  const { rows, ids } = shown(["Kitchen"]);
  expect(said(rows)).toMatch(/^b, e, # Kitchen 2, # Bath 1, d, /);
  expect(ids.join("")).toBe("bed");
});

test("a task is put between its neighbours in the section of a place", () => {
  const { rows } = shown();
  const places = rows.map((_, to) => {
    const { section, before, after } = placeAt(rows, to, []);
    return `${section ?? "-"} ${before?.title ?? ""}<${after?.title ?? ""}`;
  });
  expect(places).toEqual([
    ...["- <b", "- b<e", "- e<", "Kitchen <a", "Kitchen a<c", "Kitchen c<", "Kitchen c<"],
    ...["Bath <d", "Bath d<", "Bath d<", "Empty <", "Empty <"],
  ]);
});

test("what is moved is no neighbor of its new place, and a section can hide its tasks", () => {
  const { rows } = shown(["Bath"]);
  const at = (key: string) => rows.findIndex((row) => row.key === key);
  expect(placeAt(rows, at("c"), ["a", "c"])).toMatchObject({ section: "Kitchen", before: null, after: null });
  expect(placeAt(rows, at("c"), ["a"])).toMatchObject({ before: null, after: { title: "c" } });
  const collapsed = { section: "Bath", collapsed: { name: "Bath" }, before: null, after: null };
  // Below its heading, and above that of the next.
  expect(placeAt(rows, at("section-Bath") + 1, ["a"])).toMatchObject(collapsed);
  expect(placeAt(rows, at("section-Empty"), ["a"])).toMatchObject(collapsed);
});

test("of completed tasks there are only the sections that have some", () => {
  const done = mapOf(
    makeTask({
      id: "x",
      project: "Home",
      section: "Bath",
      completed: true,
      completed_at: "2026-11-20T12:00:00Z",
    }),
  );
  const completed = { ...query, view: "completed" as const };
  const { rows } = arrange(done, completed, { now: Date.now(), weekStart: 1 }, { list, collapsed: [] });
  expect(said(rows)).toBe("# Bath 1, x");
});

test("moving by one goes through all sections", () => {
  const { rows } = shown();
  const moved = (id: string, by: 1 | -1) => {
    const to = gapBy(rows, id, by);
    return to === null ? null : placeAt(rows, to, [id]).section;
  };
  expect([moved("b", 1), moved("e", 1), moved("c", 1), moved("d", 1)]).toEqual([
    null,
    "Kitchen",
    "Bath",
    "Empty",
  ]);
  expect([moved("b", -1), moved("a", -1), moved("d", -1)]).toEqual([null, null, "Kitchen"]);
});
