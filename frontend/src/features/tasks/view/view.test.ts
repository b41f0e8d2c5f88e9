import { expect, test } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { countTasks } from "./counts";
import { parseTaskQuery, taskHref, type TaskQuery } from "./query";
import { buildRows } from "./rows";

const now = new Date("2026-11-24T10:00:00+01:00").getTime();
const query = (fields: Partial<TaskQuery> = {}): TaskQuery => ({
  ...parseTaskQuery(new URLSearchParams()),
  view: "all",
  ...fields,
});

const late = makeTask({ title: "late", due_at: "2026-11-24T07:00:00Z" });
const evening = makeTask({ title: "evening", due_at: "2026-11-24T19:00:00Z", priority: "high" });
const friday = makeTask({
  title: "Überraschung",
  due_at: "2026-11-27T09:00:00Z",
  project: "Home",
  tags: ["fun"],
});
const today = makeTask({ title: "today", due_date: "2026-11-24" });
const yesterday = makeTask({ title: "yesterday", due_date: "2026-11-23" });
const some = makeTask({ title: "some day", description: "with words inside" });
const part = makeTask({ title: "part", parent_id: friday.id });
const done = makeTask({ title: "done", completed: true, completed_at: "2026-11-23T10:00:00Z" });
const all = mapOf(late, evening, friday, some, part, done);
const titles = (fields: Partial<TaskQuery>) =>
  buildRows(all, query(fields), now).rows.flatMap((row) => (row.kind === "task" ? row.task.title : []));

test.each<[string, Partial<TaskQuery>, string[]]>([
  ["today has what is late too", { view: "today" }, ["late", "evening"]],
  ["upcoming begins tomorrow", { view: "upcoming" }, ["Überraschung"]],
  ["overdue", { view: "overdue" }, ["late"]],
  [
    "all is in its own order, parts below their parents",
    { view: "all" },
    ["late", "evening", "Überraschung", "some day"],
  ],
  ["inbox has what is in no project", { view: "inbox" }, ["late", "evening", "some day"]],
  ["completed", { view: "completed" }, ["done"]],
  ["a project", { project: "Home" }, ["Überraschung"]],
  ["a tag", { tag: "fun" }, ["Überraschung"]],
  ["a search by a part of a word, accents aside", { q: "berras" }, ["Überraschung"]],
  ["a search in descriptions", { q: "inside wor" }, ["some day"]],
  ["a search finds parts", { q: "part" }, ["part"]],
  ["a search finds completed tasks too, after the others", { q: "do" }, ["done"]],
  ["a priority", { priority: "high" }, ["evening"]],
  ["by title", { sort: "title" }, ["evening", "late", "some day", "Überraschung"]],
  ["by priority", { sort: "priority" }, ["evening", "late", "Überraschung", "some day"]],
])("%s", (_, fields, expected) => {
  expect(titles(fields)).toEqual(expected);
});

test("headings count what is below them", () => {
  const headings = buildRows(all, query({ view: "today" }), now).rows.filter((row) => row.kind === "heading");
  expect(headings.map((row) => row.kind === "heading" && [row.key, row.count])).toEqual([
    ["overdue", 1],
    ["today", 1],
  ]);
});

test("a day is today until midnight, and then it is late", () => {
  const days = mapOf(today, yesterday, late, evening);
  const rows = (at: number) =>
    buildRows(days, query({ view: "today" }), at).rows.map((row) =>
      row.kind === "task" ? row.task.title : row.key,
    );
  expect(rows(now)).toEqual(["overdue", "yesterday", "late", "today", "today", "evening"]);
  expect(countTasks(days, now).views).toMatchObject({ today: 4, overdue: 2, upcoming: 0 });
  const midnight = new Date("2026-11-25T00:00:00+01:00").getTime();
  expect(countTasks(days, midnight - 1).views.overdue).toBe(3);
  expect(countTasks(days, midnight).views.overdue).toBe(4);
});

test("a list has as many rows as its count says", () => {
  const counts = countTasks(all, now);
  expect(counts.views).toEqual({ inbox: 3, today: 2, upcoming: 1, overdue: 1, all: 4, completed: 0 });
  for (const view of ["inbox", "today", "upcoming", "overdue", "all"] as const)
    expect(titles({ view })).toHaveLength(counts.views[view]);
  expect(counts.projects).toEqual([["Home", 1]]);
});

test.each([
  "/",
  "/?view=upcoming",
  "/?project=R%26D+%23x",
  "/?view=all&filter=%23a+%7C+today&group=due&layout=board",
  "/?v=1&task=2",
  "/?view=completed&tag=a&q=b+c&priority=high&sort=title&task=1",
])("%s survives", (href) => {
  expect(taskHref(parseTaskQuery(new URL(href, "http://x").searchParams))).toBe(href);
});

test("an address with nonsense shows today", () => {
  expect(taskHref(parseTaskQuery(new URLSearchParams("view=x&sort=y&priority=z")))).toBe("/");
});
