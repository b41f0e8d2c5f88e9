import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { languageFor } from "@/lib/quickadd/testing";
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

test.each(["en", "de", "es"])("the word that an empty list begins a task with is a date: %s", (language) => {
  const { tomorrow } = JSON.parse(readFileSync(`messages/${language}/emptyList.json`, "utf8")) as {
    tomorrow: string;
  };
  const understood = understand(`${tomorrow} Berta`, new Set(), {
    ...options,
    locale: language,
    language: languageFor(language),
  });
  expect(newTask(understood)).toEqual({ title: "Berta", due_date: "2026-11-25" });
});

test("what is turned down stays in the title", () => {
  const text = "read Monday by Ann #home";
  expect(read(text, "Monday", "#home")).toMatchObject({ title: text, parts: [] });
  expect(read("call Bob today Friday", "friday")).toMatchObject({
    title: "call Bob Friday",
    dueDate: "2026-11-24",
  });
});

test.each([
  ["take antibiotic every 8 hours", "every 8 hours"],
  ["water seedlings at 8am and 8pm", "at 8am", "8pm"],
  ["email each client on friday", "on friday"],
  ["call before friday", "friday"],
  ["review last friday", "friday"],
  ["party on 31 february", "31 february"],
  ["party 31/11", "31/11"],
  ["call 2026-02-29", "2026-02-29"],
  ["call at 25:00", "25:00"],
  ["run every other weekday", "every other weekday"],
  ["wait until friday", "until friday"],
  ["tomorrow", "tomorrow"],
])("what is not understood stays in the title, and is named: %s", (text, ...missed) => {
  expect(read(text)).toMatchObject({ title: text, parts: [], missed });
});

test.each([
  "buy milk",
  "pay rent tomorrow at 9am #home",
  "thank every volunteer",
  "the daily news",
  "enjoy the sun in may",
  "support 24/7 and 1/2 cup of sugar",
  "black friday deals",
  "version 2.10",
  'read "Tomorrow and Tomorrow"',
  "check tomorrow's weather",
  "read about may and march",
])("nothing is said of a title that names no date, or of one that is understood: %s", (text) => {
  expect(read(text).missed).toEqual([]);
});

test("nothing is said of what the user has turned down", () => {
  expect(read("read Monday by Ann", "Monday").missed).toEqual([]);
  expect(read("call Bob today before Friday").missed).toEqual(["Friday"]);
  expect(read("call Bob today before Friday", "friday").missed).toEqual([]);
});
