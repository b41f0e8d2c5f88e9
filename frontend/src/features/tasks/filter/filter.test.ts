import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTask } from "@/testing/tasks";
import { priorities } from "../task";
import { completeFilter, take } from "./complete";
import { testOf } from "./evaluate";
import {
  comparisons,
  dateFields,
  dateOps,
  type Day,
  type Filter,
  FilterError,
  mentionsCompleted,
  states,
  things,
  units,
} from "./filter";
import { formatFilter } from "./format";
import { parseFilter } from "./parser";

// A Tuesday.
const today = { now: new Date("2026-11-24T10:00:00+01:00").getTime(), weekStart: 1 };
const lists = (query: string, fields: Parameters<typeof makeTask>[0]) =>
  testOf(parseFilter(query), today)(makeTask(fields));

const n = fc.integer({ min: 0, max: 9999 });
const unit = fc.constantFrom(...units);
const field = fc.constantFrom(...dateFields);
const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const words = name.map((text) => text.trim().replace(/\s+/gu, " ")).filter(Boolean);
const day: fc.Arbitrary<Day> = fc.oneof(
  fc.record({ kind: fc.constant("away" as const), n: fc.integer({ min: -9999, max: 9999 }), unit }),
  fc.record({ kind: fc.constant("weekday" as const), weekday: fc.integer({ min: 0, max: 6 }) }),
  fc.record({
    kind: fc.constant("period" as const),
    n: fc.constantFrom(-1 as const, 0 as const, 1 as const),
    unit: fc.constantFrom("week" as const, "month" as const),
  }),
  fc
    .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
    .map((date) => ({ kind: "date" as const, date: date.toISOString().slice(0, 10) })),
);
const filters = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small" },
    fc.record({ kind: fc.constantFrom("project" as const, "tag" as const), text: name }),
    fc.record({ kind: fc.constant("text" as const), text: words }),
    fc.record({ kind: fc.constant("section" as const), text: name.filter((text) => text.trim() !== "") }),
    fc.record({
      kind: fc.constant("priority" as const),
      op: fc.constantFrom(...comparisons),
      priority: fc.constantFrom(...priorities),
    }),
    fc.record({ kind: fc.constant("has" as const), what: fc.constantFrom(...things), has: fc.boolean() }),
    fc.record({ kind: fc.constant("state" as const), state: fc.constantFrom(...states) }),
    fc.record({ kind: fc.constant("date" as const), field, op: fc.constantFrom(...dateOps), day }),
    fc.record({ kind: fc.constant("within" as const), field, back: fc.boolean(), n, unit }),
    fc.record({ kind: fc.constant("not" as const), part: tie("filter") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("filter"), { minLength: 2, maxLength: 4 }),
    }),
  ),
})).filter;

test("a filter that is written as a query and read again is the same", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const query = formatFilter(filter);
      fc.pre(query.length <= 1000);
      expect(parseFilter(query)).toEqual(filter);
    }),
    { numRuns: 2000 },
  );
});

test("any text is a query or has an error at a place in it", () => {
  const parts = [
    ...[
      "due",
      "before",
      "friday",
      "&",
      "|",
      "(",
      ")",
      "not",
      "#a",
      "@b",
      "!high",
      "text:",
      "section:",
      '"',
      "next",
      "7",
    ],
    ...["days", "in", "ago", "2026-12-24", "priority", ">=", "completed", "no", "date", "and", "x"],
  ];
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...parts)).map((some) => some.join(" ")),
  );
  fc.assert(
    fc.property(text, fc.nat(), (query, at) => {
      completeFilter(query, at % (query.length + 1), { projects: ["a"], sections: ["b"], tags: [] });
      try {
        const filter = parseFilter(query);
        expect(parseFilter(formatFilter(filter))).toEqual(filter);
      } catch (error) {
        if (!(error instanceof FilterError)) throw error;
        expect(error.message).not.toBe("");
        expect(error.from).toBeGreaterThanOrEqual(0);
        expect(error.to).toBeLessThanOrEqual(query.length);
      }
    }),
    { numRuns: 2000 },
  );
});

describe("errors name the place and say what to write", () => {
  test.each([
    ["", "", "The query is empty."],
    ["#work &", "", "A condition is missing after “&”."],
    ["#work overdue", "overdue", "Put & or | before “overdue”."],
    ["(today", "(", "This parenthesis is not closed."],
    ["today)", ")", "This parenthesis closes nothing."],
    ['text: "rent', '"rent', "This quotation mark is not closed."],
    ["rent", "rent", "“rent” is not a condition. To find words, write text: rent."],
    ["!hihg", "!hihg", "The priority is one of none, low, medium, high, urgent."],
    ["no idea", "idea", "Write one of date, time, project, section, tags, priority, description here."],
    ["due before lunch", "lunch", "“lunch” is not a day."],
    ["due 2026-02-30", "2026-02-30", "There is no day 2026-02-30."],
    ["# & today", "#", "Name a project after #."],
    ["section: & today", "section:", "after section:"],
    ['section: "" & today', '""', "after section:"],
    ["next 7 apples", "apples", "Write one of days, weeks, months here."],
    ["due 3 days", "3", "Write in 3 days or 3 days ago."],
    ["priority high", "high", "Compare the priority, as in priority is high or priority >= medium."],
  ])("%s", (query, place, message) => {
    try {
      parseFilter(query);
      expect.unreachable();
    } catch (error) {
      const { from, to, message: said } = error as FilterError;
      expect(query.slice(from, to)).toBe(place);
      expect(said).toContain(message);
    }
  });
});

test.each([
  ["due before friday", { due_date: "2026-11-26" }, { due_date: "2026-11-27" }],
  ["due by friday", { due_at: "2026-11-27T20:00:00Z" }, { due_date: "2026-11-28" }],
  ["due tuesday", { due_date: "2026-11-24" }, { due_date: "2026-12-01" }],
  ["due in 1 week", { due_date: "2026-12-01" }, { due_date: "2026-11-24" }],
  ["this week", { due_date: "2026-11-23" }, { due_date: "2026-11-30" }],
  ["next week", { due_date: "2026-11-30" }, { due_date: "2026-11-29" }],
  ["next 7 days", { due_date: "2026-11-30" }, { due_date: "2026-12-01" }],
  ["next 7 days", { due_date: "2026-11-24" }, { due_date: "2026-11-23" }],
  ["last 7 days", { due_date: "2026-11-18" }, { due_date: "2026-11-17" }],
  ["created since monday", { created_at: "2026-11-23T12:00:00Z" }, { created_at: "2026-11-22T12:00:00Z" }],
  ["completed on friday", { completed_at: "2026-11-20T12:00:00Z" }, { completed_at: null }],
  ["completed fri", { completed_at: "2026-11-20T12:00:00Z" }, { completed_at: "2026-11-19T12:00:00Z" }],
  ["overdue", { due_at: "2026-11-24T08:00:00Z" }, { due_date: "2026-11-24" }],
  ["overdue", { due_date: "2026-11-23" }, { due_date: "2026-11-23", completed: true }],
  ["no date", {}, { due_date: "2026-11-24" }],
  ["has time", { due_at: "2026-11-24T08:00:00Z" }, { due_date: "2026-11-24" }],
  ["priority >= high", { priority: "urgent" }, { priority: "medium" }],
  ["!high", { priority: "high" }, { priority: "urgent" }],
  ["#cafe & @a", { project: "Café", tags: ["A"] }, { project: "Café" }],
  ["section: KITCHEN", { project: "Home", section: "Kitchen" }, { project: "Home", section: "Kitchen 2" }],
  ['section: "a & b"', { project: "Home", section: "A & B" }, { project: "Home", section: "a" }],
  [
    "#home & section: kitchen",
    { project: "Home", section: "Kitchen" },
    { project: "Work", section: "Kitchen" },
  ],
  ["not section: kitchen", { project: "Home" }, { project: "Home", section: "Kitchen" }],
  ["no section & #home", { project: "Home" }, { project: "Home", section: "Kitchen" }],
  ["text: pay rent", { title: "Rent to pay" }, { title: "Pay" }],
  ["#a | #b & @c", { project: "a" }, { project: "b" }],
  ["(#a | #b) & not @c", { project: "b" }, { project: "b", tags: ["c"] }],
  ["subtask & not recurring", { parent_id: "1" }, {}],
] as [string, object, object][])("%s", (query, listed, other) => {
  expect(lists(query, listed)).toBe(true);
  expect(lists(query, other)).toBe(false);
});

interface Pair {
  a: string;
  b: string;
  same: boolean;
}

const pairs = JSON.parse(readFileSync("../shared/search/names.json", "utf8")) as Pair[];

test.each(pairs)("names are one as for the server: $a, $b", ({ a, b, same }) => {
  const quoted = JSON.stringify(b);
  expect(lists(`#${quoted}`, { project: a })).toBe(same);
  expect(lists(`section: ${quoted}`, { project: "Home", section: a })).toBe(same);
  expect(lists(`@${quoted}`, { tags: [a] })).toBe(same);
  // As completion writes it.
  for (const kind of ["project", "section", "tag"] as const)
    expect(lists(formatFilter({ kind, text: b }), { project: a, section: a, tags: [a] })).toBe(same);
});

test("a query lists open tasks unless it is about completed ones", () => {
  expect(mentionsCompleted(parseFilter("#a & !high"))).toBe(false);
  expect(mentionsCompleted(parseFilter("#a & not completed"))).toBe(true);
  expect(mentionsCompleted(parseFilter("#a | completed last 7 days"))).toBe(true);
});

test.each([
  ["", ["today", "tomorrow", "overdue", "due", "no", "has", "next", "this"]],
  ["ov", ["overdue"]],
  ["due b", ["before", "by"]],
  ["due before f", ["friday"]],
  ["no d", ["date", "description"]],
  ["#w", ["#Work", '#"Work at home"']],
  ["#Work & @", ["@phone"]],
  ["!u", ["!urgent"]],
  ["priority >= ", ["none", "low", "medium", "high", "urgent"]],
  ["#Work ", ["&", "|"]],
  ["(#Work ", ["&", "|", ")"]],
  ["nonsense & ", []],
  ["section: ", ["Kitchen", "Kitchen garden", '"Bath & shower"']],
  ["section:k", ["Kitchen", "Kitchen garden"]],
  ["#Work & section: kitchen g", ["Kitchen garden"]],
  ["section: kitchen", ["Kitchen garden"]],
  ["section: Kitchen garden ", ["&", "|"]],
  ["section: Kitchen & ov", ["overdue"]],
  ["section: Kitchen or ov", ["overdue"]],
  ["sec", ["section:"]],
])("after “%s” there can be %j", (query, expected) => {
  const names = {
    projects: ["Work", "Work at home"],
    sections: ["Kitchen", "Kitchen garden", "Bath & shower"],
    tags: ["phone"],
  };
  expect(completeFilter(query, query.length, names).options.map(({ text }) => text)).toEqual(expected);
});

test("a completion replaces the word at the caret", () => {
  const query = "due bef & #Work";
  const completion = completeFilter(query, 7, { projects: [], sections: [], tags: [] });
  expect(take(query, completion, "before")).toEqual({ query: "due before & #Work", caret: 11 });
  const sections = ["Bath & shower"];
  const words = "not section: ba | today";
  const taken = completeFilter(words, 15, { projects: [], sections, tags: [] });
  expect(take(words, taken, taken.options[0]!.text)).toEqual({
    query: 'not section: "Bath & shower" | today',
    caret: 29,
  });
  expect(take("#", { from: 0, to: 1, options: [] }, "#Work")).toEqual({ query: "#Work ", caret: 6 });
});
