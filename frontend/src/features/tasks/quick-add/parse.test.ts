import { expect, test } from "vitest";
import { loadDateFinder } from "./dates";
import { parseQuickAdd } from "./parse";

const now = new Date("2026-11-24T10:00:00+01:00"); // a Tuesday
const find = await loadDateFinder();
const parse = (text: string, refused: string[] = []) =>
  parseQuickAdd(text, now, find, new Set(refused.map((said) => said.toLowerCase())));

test("pay rent every 1st at 9am #home !high", () => {
  const { task, parts, dueByRule } = parse("pay rent every 1st at 9am #home !high");
  expect(task).toMatchObject({
    title: "pay rent",
    project: "home",
    priority: "high",
    recurrence: { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", mode: "schedule" },
  });
  expect(parts.map((part) => part.kind)).toEqual(["repeat", "due", "project", "priority"]);
  expect(dueByRule?.timeOfDay.getHours()).toBe(9);
});

test.each([
  ["call Bob tomorrow at 5pm", "call Bob", "2026-11-25T17:00"],
  ["dentist on Friday 8:30", "dentist", "2026-11-27T08:30"],
  ["report tomorrow", "report", "2026-11-25T09:00"],
  ["water plants today", "water plants", "2026-11-24T18:00"],
  ["lunch at 1pm", "lunch", "2026-11-24T13:00"],
  ["breakfast at 8am", "breakfast", "2026-11-25T08:00"],
])("%s", (text, title, due) => {
  const { task } = parse(text);
  expect(task.title).toBe(title);
  expect(task.due_at).toBe(new Date(due).toISOString());
});

test.each([
  ["gym every monday and thursday", "FREQ=WEEKLY;BYDAY=MO,TH", "schedule"],
  ["standup every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "schedule"],
  ["bins every other week", "FREQ=WEEKLY;INTERVAL=2", "schedule"],
  ["filter every 3 months after completion", "FREQ=MONTHLY;INTERVAL=3", "completion"],
  ["plants every! 4 days", "FREQ=DAILY;INTERVAL=4", "completion"],
  ["review every last friday", "FREQ=MONTHLY;BYDAY=-1FR", "schedule"],
  ["books daily", "FREQ=DAILY", "schedule"],
])("%s repeats", (text, rrule, mode) => {
  expect(parse(text).task.recurrence).toEqual({ rrule, mode });
});

test("tags, quoted projects and numbers of priority", () => {
  const { task } = parse('buy wood #"My Shed" @diy @wood !1');
  expect(task).toMatchObject({
    title: "buy wood",
    project: "My Shed",
    tags: ["diy", "wood"],
    priority: "urgent",
  });
});

test("what is turned down stays in the title", () => {
  const { task, parts } = parse("read Monday by Ann #home", ["Monday", "#home"]);
  expect(task.title).toBe("read Monday by Ann #home");
  expect(parts).toEqual([]);
});

test.each(["chapter 12", "mail a@b.example", "C# basics", "100% !important", "everything is fine"])(
  "%s is only a title",
  (text) => {
    expect(parse(text)).toMatchObject({ task: { title: text }, parts: [] });
  },
);
