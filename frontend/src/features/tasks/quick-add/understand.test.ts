import { expect, test } from "vitest";
import { newTask } from "./new-task";
import { understand } from "./understand";

const now = new Date("2026-11-24T10:00:00+01:00"); // a Tuesday
const options = { now, zone: "Europe/Berlin", weekStart: 0, locale: "en-GB" };
const read = (text: string, ...refused: string[]) =>
  understand(text, new Set(refused.map((said) => said.toLowerCase())), options);

test("all parts of a task, and where they stand", () => {
  const understood = read("pay rent every 1st at 9am #home !high");
  expect(newTask(understood)).toEqual({
    title: "pay rent",
    due_at: "2026-12-01T08:00:00.000Z",
    timezone: "Europe/Berlin",
    project: "home",
    priority: "high",
    recurrence: { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", mode: "schedule" },
  });
  expect(understood.parts.map(({ kind, text }) => [kind, text])).toEqual([
    ["repeat", "every 1st"],
    ["due", "at 9am"],
    ["project", "#home"],
    ["priority", "!high"],
  ]);
});

test.each([
  ["report tomorrow", "2026-11-25"],
  ["water plants today", "2026-11-24"],
  ["water plants every day", "2026-11-24"],
  ["run every friday", "2026-11-27"],
])("a day without a time: %s", (text, due) => {
  expect(newTask(read(text))).toMatchObject({ due_date: due });
  expect(newTask(read(text))).not.toHaveProperty("due_at");
});

test("what is turned down stays in the title", () => {
  const text = "read Monday by Ann #home";
  expect(read(text, "Monday", "#home")).toMatchObject({ title: text, parts: [] });
  expect(read("call Bob today Friday", "friday")).toMatchObject({
    title: "call Bob Friday",
    dueDate: "2026-11-24",
  });
});
