import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Options, parse } from "./parse";
import { wallTime } from "@/lib/time/zone";

const shared = "../functions/tasks/internal/quickadd/testdata";

interface Case {
  text: string;
  locale?: string;
  why?: string;
  [field: string]: unknown;
}

const { now, timezone, cases } = JSON.parse(readFileSync(`${shared}/cases.json`, "utf8")) as {
  now: string;
  timezone: string;
  cases: Case[];
};

/** What a text means, as the cases write it. */
function answer(text: string, options: Options): Record<string, unknown> {
  const { dueDate, dueAt, tags, parts: _, ...rest } = parse(text, options);
  return {
    ...rest,
    ...(dueDate ? { due_date: dueDate } : {}),
    ...(dueAt ? { due_at: wallTime(dueAt, options.zone).toISOString().slice(0, 16) } : {}),
    ...(tags.length ? { tags: tags.toSorted() } : {}),
  };
}

// The same file is tested with functions/tasks/internal/quickadd.
describe(`${cases.length} phrases`, () => {
  test.each(cases)("$text", ({ text, locale = "en-GB", why: _, ...want }) => {
    if (Array.isArray(want.tags)) want.tags = want.tags.toSorted();
    expect(answer(text, { now: new Date(now), zone: timezone, weekStart: 0, locale })).toEqual(want);
  });
});
