import type { Row } from "./rows";
import { expect, test } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { arrange } from "./arrange";
import { bucketer, columnsOf, moveTo } from "./buckets";
import { plainQuery, type TaskQuery } from "./query";
import { queryOfList } from "./query-of-list";

const now = new Date("2026-11-24T10:00:00+01:00").getTime();
const late = makeTask({ title: "late", due_date: "2026-11-23", project: "Home", tags: ["b", "a"] });
const tonight = makeTask({ title: "tonight", due_at: "2026-11-24T19:00:00Z", priority: "urgent" });
const soon = makeTask({ title: "soon", due_date: "2026-11-27", project: "Work" });
const far = makeTask({ title: "far", due_date: "2027-01-01", tags: ["a"] });
const never = makeTask({ title: "never", priority: "low" });
const tasks = [never, far, soon, tonight, late];
const names = { projects: ["Home", "Work"], tags: ["a", "b", "c"] };
const shown = (group: Parameters<typeof columnsOf>[1]) =>
  columnsOf(tasks, group, names, now).map(({ bucket, tasks }) => [bucket.label, tasks.map((t) => t.title)]);

const titleOf = (row: Row) => (row.kind === "task" ? row.task.title : row.key);

test("a board has a column for each group, with tasks or without", () => {
  expect(shown("due")).toEqual([
    ["Overdue", ["late"]],
    ["Today", ["tonight"]],
    ["Tomorrow", []],
    ["Next 7 days", ["soon"]],
    ["Later", ["far"]],
    ["No date", ["never"]],
  ]);
  expect(shown("project")).toEqual([
    ["Home", ["late"]],
    ["Work", ["soon"]],
    ["No project", ["never", "far", "tonight"]],
  ]);
  expect(shown("tag")).toEqual([
    ["a", ["far", "late"]],
    ["b", ["late"]],
    ["c", []],
    ["No tag", ["never", "soon", "tonight"]],
  ]);
  expect(shown("priority").map(([label]) => label)).toEqual([
    "Urgent",
    "High",
    "Medium",
    "Low",
    "No priority",
  ]);
});

test("a completed task is never late, and what it was due for is not today", () => {
  const done = { completed: true, completed_at: "2026-11-23T10:00:00Z" };
  const summer = makeTask({ title: "summer", due_date: "2026-08-01", ...done });
  const morning = makeTask({ title: "morning", due_at: "2026-11-24T06:00:00Z", ...done });
  const late = makeTask({ title: "late", due_date: "2026-11-01" });
  const all = [summer, morning, late, soon];
  const filled = columnsOf(all, "due", names, now).filter(({ tasks }) => tasks.length > 0);
  expect(filled.map(({ bucket, tasks }) => [bucket.label, tasks.map(({ title }) => title)])).toEqual([
    ["Overdue", ["late"]],
    ["Earlier", ["summer"]],
    ["Today", ["morning"]],
    ["Next 7 days", ["soon"]],
  ]);
  const [overdue, earlier] = filled.map(({ bucket }) => bucket);
  expect(moveTo(soon, "due", bucketer("due", now)(soon)[0]!, earlier!)).toBeNull();
  expect(moveTo(summer, "due", earlier!, overdue!)).toBeNull();

  const query = { ...plainQuery, view: "today", filter: "completed | not completed" } as const;
  const { rows } = arrange(mapOf(...all), query, { now, weekStart: 1 });
  expect(rows.map((row) => (row.kind === "heading" ? row.key : titleOf(row)))).toEqual([
    ...["overdue", "late", "earlier", "summer", "today", "morning"],
  ]);
});

test("a move changes the field of the board, and no time of day", () => {
  const bucket = (group: Parameters<typeof columnsOf>[1], label: string) =>
    columnsOf(tasks, group, names, now).find((column) => column.bucket.label === label)!.bucket;
  const to = (task: typeof late, group: Parameters<typeof columnsOf>[1], label: string) =>
    moveTo(task, group, bucketer(group, now)(task)[0]!, bucket(group, label));
  expect(to(late, "project", "Work")).toEqual({ project: "Work" });
  expect(to(late, "project", "No project")).toEqual({ project: null });
  expect(to(late, "project", "Home")).toBeNull();
  expect(to(never, "priority", "Urgent")).toEqual({ priority: "urgent" });
  expect(to(late, "tag", "c")).toEqual({ tags: ["a", "c"] });
  expect(to(late, "tag", "a")).toEqual({ tags: ["a"] });
  expect(to(late, "tag", "No tag")).toEqual({ tags: [] });
  expect(to(tonight, "due", "Tomorrow")).toEqual({ due_at: "2026-11-25T19:00:00.000Z", due_date: null });
  expect(to(late, "due", "No date")).toEqual({ due_at: null, due_date: null });
  expect(to(never, "due", "Overdue")).toBeNull();
});

test("a grouped list has headings in the order of the groups, and each task once", () => {
  const { rows, ids } = arrange(mapOf(...tasks), { ...plainQuery, group: "tag" }, { now, weekStart: 1 });
  expect(rows.map((row) => (row.kind === "heading" ? `# ${row.label} ${row.count}` : titleOf(row)))).toEqual([
    ...["# a 2", "late", "far", "# No tag 3", "tonight", "soon", "never"],
  ]);
  expect(ids).toHaveLength(5);
});

test("a search in a list that a filter gave completed tasks finds each task once", () => {
  const open = makeTask({ id: "open", position: "a1", title: "milk", due_date: "2026-11-24" });
  const done = { completed: true, completed_at: "2026-11-23T10:00:00Z" };
  const ticked = makeTask({ id: "ticked", position: "a2", title: "milk", due_date: "2026-11-24", ...done });
  const elsewhere = makeTask({ id: "elsewhere", position: "a3", title: "milk", ...done });
  const later = makeTask({ id: "later", position: "a4", title: "milk", due_date: "2026-11-30" });
  const found = (fields: Partial<TaskQuery>) => {
    const query = { ...plainQuery, q: "milk", filter: "completed last 7 days | not completed", ...fields };
    const { rows, ids } = arrange(mapOf(open, ticked, elsewhere, later), query, { now, weekStart: 1 });
    expect(ids).toEqual(rows.flatMap((row) => (row.kind === "task" ? row.key : [])));
    return rows.map(({ key }) => key);
  };
  expect(found({})).toEqual(["open", "ticked", "elsewhere", "later"]);
  // As without a filter, a search also finds what is completed and not in the view.
  expect(found({ view: "today" })).toEqual(["today", "open", "ticked", "completed", "elsewhere"]);
  expect(found({ filter: "not subtask" })).toEqual(["open", "later", "completed", "ticked", "elsewhere"]);
});

test.each<[Partial<TaskQuery>, string, string[]]>([
  [{}, "", ["late", "tonight", "soon", "far", "never"]],
  [{ view: "inbox" }, "no project & not subtask", ["tonight", "far", "never"]],
  [{ view: "today" }, "due by today", ["late", "tonight"]],
  [{ view: "upcoming" }, "due after today", ["soon", "far"]],
  [{ view: "overdue" }, "overdue", ["late"]],
  [{ project: "Home", tag: "a" }, "#Home & @a", ["late"]],
  [{ q: "so on", priority: "none" }, "!none & text: so on", ["soon"]],
  [
    { project: "Work", filter: "today | no tags & has date" },
    "#Work & (today | no tags & has date)",
    ["soon"],
  ],
])("a list of %j is saved as the query “%s”", (fields, query, expected) => {
  const all = mapOf(...tasks);
  expect(queryOfList({ ...plainQuery, ...fields })).toBe(query);
  const listed = arrange(all, { ...plainQuery, filter: query }, { now, weekStart: 1 });
  expect(listed.rows.flatMap((row) => (row.kind === "task" ? row.task.title : []))).toEqual(expected);
});

test("a list whose filter has a mistake is saved as that, for the dialog to say what is wrong", () => {
  expect(queryOfList({ ...plainQuery, project: "Home", filter: "due soon" })).toBe("due soon");
});
